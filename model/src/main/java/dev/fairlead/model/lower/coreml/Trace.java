package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.provenance.OfValue;
import dev.fairlead.model.provenance.OfWeight;
import dev.fairlead.model.provenance.OriginMetadata;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.provenance.Relation;
import dev.fairlead.model.provenance.WeightTransform;
import dev.fairlead.model.tensor.Segments;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Which ONNX value and which rule each value of the program comes from. */
final class Trace {
    /** Raised when any rule's output changes. */
    private static final int VERSION = 1;

    private final Map<String, OfValue> values = new LinkedHashMap<>();
    private final Map<String, Weight> weights = new LinkedHashMap<>();
    private String rule = "feature";
    private Origin origin = Origin.UNKNOWN;
    private List<String> sources = List.of();

    private record Weight(String source, Tensor tensor, List<WeightTransform> transforms) {}

    /** What follows is written for this node. */
    void begin(Node node) {
        rule = node.op();
        origin = OriginMetadata.origin(node.metadata());
        sources = node.outputs().stream().filter(name -> !name.isEmpty()).toList();
    }

    /** What follows is written for a feature. */
    void begin(String feature) {
        rule = "feature";
        origin = Origin.UNKNOWN;
        sources = List.of(feature);
    }

    void made(Var value) {
        values.put(value.name(), new OfValue(value.name(), sources, origin, rule, VERSION, Relation.FUSED_INTERNAL));
    }

    /** Notes that a value is an ONNX value. */
    void stands(Var value, String source) {
        values.computeIfPresent(
                value.name(),
                (name, known) ->
                        new OfValue(name, List.of(source), known.origin(), known.rule(), VERSION, Relation.IDENTITY));
    }

    /** Notes which initializer a constant was made from. */
    void weight(Var value, String source, Tensor tensor, List<WeightTransform> transforms) {
        weights.putIfAbsent(value.name(), new Weight(source, tensor, transforms));
    }

    /**
     * All of it for the values that are left.
     *
     * @param names a value's final name
     */
    Provenance provenance(Set<String> left, UnaryOperator<String> names) {
        List<OfValue> made = new ArrayList<>();
        values.forEach((name, value) -> {
            if (left.contains(names.apply(name))) {
                made.add(new OfValue(
                        names.apply(name), value.sources(), value.origin(), value.rule(), VERSION, value.relation()));
            }
        });
        List<OfWeight> kept = new ArrayList<>();
        weights.forEach((name, weight) -> {
            if (left.contains(names.apply(name))) {
                kept.add(new OfWeight(
                        names.apply(name),
                        weight.source(),
                        Segments.sha256(weight.tensor().data()),
                        weight.transforms()));
            }
        });
        return new Provenance(made, kept);
    }
}
