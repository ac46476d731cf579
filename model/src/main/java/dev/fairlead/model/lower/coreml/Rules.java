package dev.fairlead.model.lower.coreml;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All rules by domain and operator. A rule looks at {@link Call#opset} where versions of an operator differ in meaning. */
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

    void add(String op, Rule rule) {
        if (byName.put(op, rule) != null) {
            throw new IllegalStateException("two rules for " + op);
        }
    }

    Optional<Rule> find(String domain, String op) {
        boolean own = domain.isEmpty() || domain.equals("ai.onnx");
        return Optional.ofNullable(byName.get(own ? op : domain + "." + op));
    }

    private static Rules build() {
        Rules rules = new Rules();
        UnaryRules.register(rules);
        BinaryRules.register(rules);
        ConstantRules.register(rules);
        ShapeRules.register(rules);
        SliceRules.register(rules);
        GatherRules.register(rules);
        ScatterRules.register(rules);
        ReduceRules.register(rules);
        MatmulRules.register(rules);
        ActivationRules.register(rules);
        ConvolutionRules.register(rules);
        PoolRules.register(rules);
        NormalizationRules.register(rules);
        LossRules.register(rules);
        AttentionRules.register(rules);
        SequenceModelRules.register(rules);
        ResizeRules.register(rules);
        SamplingRules.register(rules);
        QuantizationRules.register(rules);
        RecurrentRules.register(rules);
        ControlRules.register(rules);
        SignalRules.register(rules);
        return rules;
    }
}
