package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Node;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All shape rules by domain and operator. */
final class ShapeRules {
    private static final ShapeRules ALL = build();

    private final Map<String, ShapeRule> byName = new HashMap<>();

    static ShapeRules all() {
        return ALL;
    }

    void add(String op, ShapeRule rule) {
        if (byName.put(op, rule) != null) {
            throw new IllegalStateException("two shape rules for " + op);
        }
    }

    void add(Iterable<String> ops, ShapeRule rule) {
        ops.forEach(op -> add(op, rule));
    }

    /** A rule of another domain than ONNX' own. */
    void add(String domain, String op, ShapeRule rule) {
        add(domain + "." + op, rule);
    }

    Optional<ShapeRule> find(Node node) {
        boolean own = node.domain().isEmpty() || node.domain().equals("ai.onnx");
        return Optional.ofNullable(byName.get(own ? node.op() : node.domain() + "." + node.op()));
    }

    Set<String> operators() {
        return Set.copyOf(byName.keySet());
    }

    private static ShapeRules build() {
        ShapeRules rules = new ShapeRules();
        ElementwiseShapes.register(rules);
        ReductionShapes.register(rules);
        LayoutShapes.register(rules);
        PartShapes.register(rules);
        GatherShapes.register(rules);
        ConstantShapes.register(rules);
        MatrixShapes.register(rules);
        WindowShapes.register(rules);
        NormalisationShapes.register(rules);
        RecurrentShapes.register(rules);
        ControlShapes.register(rules);
        QuantisationShapes.register(rules);
        SignalShapes.register(rules);
        VisionShapes.register(rules);
        AttentionShapes.register(rules);
        TextShapes.register(rules);
        MicrosoftShapes.register(rules);
        return rules;
    }
}
