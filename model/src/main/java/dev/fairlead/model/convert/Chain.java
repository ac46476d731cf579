package dev.fairlead.model.convert;

import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.provenance.OfValue;
import dev.fairlead.model.provenance.OfWeight;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.provenance.Relation;
import dev.fairlead.model.provenance.WeightTransform;
import dev.fairlead.model.tensor.Segments;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Provenance of a conversion in two steps, and of values that kept their names. */
final class Chain {
    private static final int VERSION = 1;

    private Chain() {}

    /** The second step's values and weights, by the sources of the first. */
    static Provenance of(Provenance first, Provenance second) {
        Map<String, OfValue> values = new HashMap<>();
        first.values().forEach(value -> values.put(value.value(), value));
        Map<String, OfWeight> weights = new HashMap<>();
        first.weights().forEach(weight -> weights.put(weight.initializer(), weight));
        return new Provenance(
                second.values().stream().map(value -> of(values, value)).toList(),
                second.weights().stream().map(weight -> of(weights, weight)).toList());
    }

    private static OfValue of(Map<String, OfValue> first, OfValue value) {
        Set<String> sources = new LinkedHashSet<>();
        Relation relation = value.relation();
        for (String source : value.sources()) {
            OfValue before = first.get(source);
            if (before == null) {
                sources.add(source);
            } else {
                sources.addAll(before.sources());
                relation = after(before.relation(), relation);
            }
        }
        return new OfValue(
                value.value(), List.copyOf(sources), value.origin(), value.rule(), value.version(), relation);
    }

    private static Relation after(Relation first, Relation second) {
        if (first == Relation.IDENTITY || first == second) {
            return second;
        }
        return second == Relation.IDENTITY ? first : Relation.FUSED_INTERNAL;
    }

    private static OfWeight of(Map<String, OfWeight> first, OfWeight weight) {
        OfWeight before = first.get(weight.source());
        if (before == null) {
            return weight;
        }
        List<WeightTransform> transforms = new ArrayList<>(before.transforms());
        transforms.addAll(weight.transforms());
        return new OfWeight(weight.initializer(), before.source(), before.sha256(), transforms);
    }

    /** A value of a graph that was made, and the operation that makes it. */
    record Made(String value, String operation, Origin origin) {}

    /** Provenance of what passes or rules that keep names made of a graph: a value with a name of the graph's is that value. */
    static Provenance byName(Graph source, List<Made> made, Map<String, Tensor> constants) {
        Set<String> names = new LinkedHashSet<>();
        source.nodes().forEach(node -> names.addAll(node.outputs()));
        List<OfValue> values = made.stream()
                .map(value -> {
                    boolean same = names.contains(value.value());
                    return new OfValue(
                            value.value(),
                            same ? List.of(value.value()) : List.of(),
                            value.origin(),
                            value.operation(),
                            VERSION,
                            same ? Relation.IDENTITY : Relation.FUSED_INTERNAL);
                })
                .toList();
        List<OfWeight> weights = new ArrayList<>();
        constants.forEach((name, tensor) -> {
            Tensor original = source.initializers().get(name);
            if (original != null) {
                boolean kept =
                        original.dtype() == tensor.dtype() && original.data().mismatch(tensor.data()) < 0;
                weights.add(new OfWeight(
                        name,
                        name,
                        Segments.sha256(original.data()),
                        kept ? List.of() : List.of(new WeightTransform.Computed("lowered"))));
            }
        });
        return new Provenance(values, weights);
    }
}
