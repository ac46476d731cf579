package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.mlx.MlxNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All rules by primitive and number of arguments. */
final class Rules {
    private static final Rules ALL = build();

    private final Map<String, TreeMap<Integer, Rule>> byOp = new HashMap<>();

    static Rules all() {
        return ALL;
    }

    void add(String op, int arity, int version, Lowering lowering) {
        Rule rule = new Rule(op, arity, version, lowering);
        if (byOp.computeIfAbsent(op, name -> new TreeMap<>()).put(arity, rule) != null) {
            throw new IllegalStateException("two rules for " + op + " with " + arity + " arguments");
        }
    }

    Optional<Rule> find(MlxNode node) {
        TreeMap<Integer, Rule> rules = byOp.get(node.op());
        return rules == null
                ? Optional.empty()
                : Optional.ofNullable(rules.get(node.arguments().size()));
    }

    /** Why {@link #find} is empty. */
    String missing(MlxNode node) {
        TreeMap<Integer, Rule> rules = byOp.get(node.op());
        return rules == null
                ? "no rule converts it"
                : "no rule converts it with %d arguments, only with %s"
                        .formatted(node.arguments().size(), rules.keySet());
    }

    private static Rules build() {
        Rules rules = new Rules();
        ElementwiseRules.register(rules);
        ComparisonRules.register(rules);
        ReduceRules.register(rules);
        ShapeRules.register(rules);
        SliceRules.register(rules);
        GatherRules.register(rules);
        MatmulRules.register(rules);
        SoftmaxRules.register(rules);
        ConvolutionRules.register(rules);
        FusedRules.register(rules);
        return rules;
    }
}
