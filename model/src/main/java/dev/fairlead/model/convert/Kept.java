package dev.fairlead.model.convert;

import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.provenance.OfValue;
import dev.fairlead.model.provenance.OfWeight;
import dev.fairlead.model.provenance.OriginMetadata;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.provenance.Relation;
import dev.fairlead.model.provenance.WeightTransform;
import dev.fairlead.model.tensor.Segments;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Provenance of what the passes left and made: a value that keeps its name is the same value. */
final class Kept {
    private static final String RULE = "rewrite";
    private static final int VERSION = 1;

    private Kept() {}

    static Provenance of(Model before, Model after) {
        Graph graph = after.graph();
        Set<String> known = names(before.graph());
        Map<String, Set<String>> inside = new HashMap<>();
        List<OfValue> values = new ArrayList<>();
        for (Node node : graph.nodes().reversed()) {
            Set<String> serves = new LinkedHashSet<>();
            for (String output : node.outputs()) {
                if (known.contains(output)) {
                    serves.add(output);
                } else {
                    serves.addAll(inside.getOrDefault(output, Set.of()));
                }
            }
            node.inputs().stream()
                    .filter(input -> !known.contains(input))
                    .forEach(input -> inside.computeIfAbsent(input, name -> new LinkedHashSet<>())
                            .addAll(serves));
            for (String output : node.outputs().reversed()) {
                if (!output.isEmpty()) {
                    boolean same = known.contains(output);
                    values.addFirst(new OfValue(
                            output,
                            List.copyOf(same ? Set.of(output) : serves),
                            OriginMetadata.origin(node.metadata()),
                            RULE,
                            VERSION,
                            same ? Relation.IDENTITY : Relation.FUSED_INTERNAL));
                }
            }
        }
        List<OfWeight> weights = new ArrayList<>();
        Set<String> given = before.graph().initializers().keySet();
        graph.initializers().forEach((name, tensor) -> {
            if (known.contains(name)) {
                weights.add(new OfWeight(
                        name,
                        name,
                        Segments.sha256(tensor.data()),
                        given.contains(name) ? List.of() : List.of(new WeightTransform.Computed("folded"))));
            }
        });
        return new Provenance(values, weights);
    }

    private static Set<String> names(Graph graph) {
        Set<String> names = new HashSet<>(graph.initializers().keySet());
        graph.inputs().stream().map(Value::name).forEach(names::add);
        graph.nodes().forEach(node -> names.addAll(node.outputs()));
        return names;
    }
}
