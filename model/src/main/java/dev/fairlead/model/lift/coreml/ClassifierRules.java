package dev.fairlead.model.lift.coreml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.coreml.MilType;
import dev.fairlead.model.coreml.MilValue;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A classifier's end. The label is a tensor of one text or number; the dictionary of probabilities is the vector that it is made
 * from, its labels in the metadata.
 */
final class ClassifierRules {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private ClassifierRules() {}

    static void register(Rules rules) {
        rules.add("classify", ClassifierRules::classify);
    }

    private static void classify(Invocation call, Emitter out) {
        Operand probabilities = call.get("probabilities");
        List<Object> labels = labels(call);
        boolean isText = labels.stream().allMatch(String.class::isInstance);
        String flat = out.inner("Reshape", out.of(probabilities), out.integers(-1));
        String place =
                out.inner("ArgMax", Attributes.all(Attributes.of("axis", 0), Attributes.of("keepdims", 0)), flat);
        String table = isText
                ? out.inner(
                        "Constant",
                        Map.of(
                                "value_strings",
                                new Attribute.Texts(
                                        labels.stream().map(String.class::cast).toList())))
                : out.integers(labels.stream().map(Long.class::cast).toList());
        MilDataType element = isText ? MilDataType.STRING : MilDataType.INT64;
        out.resultAs(
                call.output(0), MilType.tensor(element, List.of()), "Gather", Attributes.of("axis", 0), table, place);
        out.resultAs(
                call.output(1),
                MilType.tensor(call.dtype(probabilities), List.of((long) labels.size())),
                "Identity",
                Attributes.NONE,
                flat);
        try {
            out.label(call.output(1).name(), MAPPER.writeValueAsString(labels));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("labels", e);
        }
    }

    /** All texts, or all numbers. */
    private static List<Object> labels(Invocation call) {
        List<Object> labels = new ArrayList<>();
        switch (call.get("classes")) {
            case Operand.Texts(List<String> values) -> labels.addAll(values);
            case Operand.Constant(Weight weight) -> labels.addAll(Invocation.integers(weight.dense()));
            case Operand.Other(MilValue.OfList(var type, var values)) ->
                values.forEach(value -> labels.add(label(value, call)));
            case Operand.Other o -> throw call.malformed("classes", "are no list");
            case Operand.Computed c -> throw call.unsupported("labels that are computed");
            case Operand.Failed f -> throw call.unsupported("labels that are computed");
            case Operand.State s -> throw call.malformed("classes", "are a state");
        }
        boolean isMixed = labels.stream().map(Object::getClass).distinct().count() != 1;
        if (isMixed) {
            throw call.malformed("classes", "are neither all texts nor all numbers");
        }
        return labels;
    }

    private static Object label(MilValue value, Invocation call) {
        if (value instanceof MilValue.Texts(var shape, var texts) && texts.size() == 1) {
            return texts.getFirst();
        }
        if (value instanceof MilValue.Immediate(Tensor tensor) && tensor.elements() == 1) {
            return tensor.longAt(0);
        }
        throw call.malformed("classes", "has a label that is neither text nor number");
    }
}
