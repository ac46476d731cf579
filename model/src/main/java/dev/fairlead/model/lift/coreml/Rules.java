package dev.fairlead.model.lift.coreml;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All rules by operation. */
final class Rules {
    private static final Rules ALL = build();

    private final Map<String, Rule> byOperation = new TreeMap<>();

    static Rules all() {
        return ALL;
    }

    void add(String operation, Rule.Lifting lifting) {
        if (byOperation.put(operation, new Rule(operation, 1, lifting)) != null) {
            throw new IllegalStateException("two rules for " + operation);
        }
    }

    Optional<Rule> find(String operation) {
        return Optional.ofNullable(byOperation.get(operation));
    }

    private static Rules build() {
        Rules rules = new Rules();
        UnaryRules.register(rules);
        BinaryRules.register(rules);
        ActivationRules.register(rules);
        ReductionRules.register(rules);
        ShapeRules.register(rules);
        SliceRules.register(rules);
        RearrangeRules.register(rules);
        LinearRules.register(rules);
        ConvolutionRules.register(rules);
        PoolRules.register(rules);
        NormalizationRules.register(rules);
        GatherRules.register(rules);
        ScatterRules.register(rules);
        TensorRules.register(rules);
        SortRules.register(rules);
        ResizeRules.register(rules);
        SampleRules.register(rules);
        RecurrentRules.register(rules);
        ControlFlowRules.register(rules);
        QuantizationRules.register(rules);
        ConstexprRules.register(rules);
        StateRules.register(rules);
        AttentionRules.register(rules);
        ClassifierRules.register(rules);
        return rules;
    }
}
