package dev.fairlead.model.lower.mlx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All rules by domain and operator. A rule looks at {@link Operation#opset} where versions of an operator differ in meaning. */
public final class Rules {
    private static final Rules ALL = build();

    private final Map<String, Rule> byName = new HashMap<>();

    static Rules all() {
        return ALL;
    }

    /** Operators of ONNX' own domain by their name, others as {@code domain.Operator}. */
    public static Set<String> operators() {
        return Set.copyOf(ALL.byName.keySet());
    }

    void add(String op, Rule.Single rule) {
        addAll(op, (node, mlx) -> List.of(rule.lower(node, mlx)));
    }

    /** The rule of an operator with several outputs. */
    void addAll(String op, Rule rule) {
        if (byName.put(op, rule) != null) {
            throw new IllegalStateException("two rules for " + op);
        }
    }

    Optional<Rule> find(String op) {
        return Optional.ofNullable(byName.get(op));
    }

    private static Rules build() {
        Rules rules = new Rules();
        UnaryRules.register(rules);
        BinaryRules.register(rules);
        ActivationRules.register(rules);
        ReduceRules.register(rules);
        ShapeRules.register(rules);
        MakeRules.register(rules);
        SliceRules.register(rules);
        GatherRules.register(rules);
        MatmulRules.register(rules);
        ConvolutionRules.register(rules);
        PoolRules.register(rules);
        NormRules.register(rules);
        QuantizeRules.register(rules);
        LossRules.register(rules);
        ControlRules.register(rules);
        RecurrentRules.register(rules);
        AttentionRules.register(rules);
        SequenceRules.register(rules);
        ResizeRules.register(rules);
        ImageRules.register(rules);
        SignalRules.register(rules);
        TrainingRules.register(rules);
        BlockwiseRules.register(rules);
        TensorSequenceRules.register(rules);
        RefusedRules.register(rules);
        return rules;
    }
}
