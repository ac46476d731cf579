package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What an operator becomes when its operator set goes one version up or down. Without a rule it stays; whether the other version takes it then
 * is for {@link OperatorTable} to say.
 */
final class OpsetRules {
    private static final OpsetRules ALL = new OpsetRules();

    private final Map<String, Rule> up = new HashMap<>();
    private final Map<String, Rule> down = new HashMap<>();

    /** One operator, one step. */
    interface Rule {
        List<Node> apply(Opset at);
    }

    private OpsetRules() {
        UpRules.register(this);
        DownRules.register(this);
    }

    static OpsetRules all() {
        return ALL;
    }

    /** The step to a version from the one before it. */
    void up(String op, long to, Rule rule) {
        add(up, op + "@" + to, rule);
    }

    /** The step from a version to the one before it. */
    void down(String op, long from, Rule rule) {
        add(down, op + "@" + from, rule);
    }

    private static void add(Map<String, Rule> rules, String key, Rule rule) {
        if (rules.put(key, rule) != null) {
            throw new IllegalStateException("two rules for " + key);
        }
    }

    Rule find(String op, long from, long to) {
        Rule rule = from < to ? up.get(op + "@" + to) : down.get(op + "@" + from);
        return rule == null ? Opset::unchanged : rule;
    }
}
