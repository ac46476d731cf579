package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.mlx.MlxGraph;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.provenance.OfValue;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.provenance.Relation;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The ONNX graph of all that was emitted, without what no output needs, and its provenance.
 */
record Assembly(Graph graph, Provenance provenance) {
    static Assembly of(MlxGraph graph, Names names, Emitter emitter, Weights weights) {
        List<Node> all = new ArrayList<>(emitter.nodes());
        List<Value> outputs = new ArrayList<>();
        List<OfValue> values = new ArrayList<>(emitter.provenance().values());
        for (MlxGraph.Output output : graph.outputs()) {
            String made = emitter.of(output.value());
            if (!made.equals(output.name())) {
                List<String> in = List.of(made);
                List<String> out = List.of(output.name());
                all.add(new Node(output.name(), "", "Identity", in, out, new TreeMap<>(), new TreeMap<>()));
                List<String> source = List.of(output.value().name());
                values.add(new OfValue(output.name(), source, Origin.UNKNOWN, "output", 1, Relation.IDENTITY));
            }
            outputs.add(Value.of(
                    output.name(), output.value().dtype(), output.value().dims()));
        }
        Set<String> needed = new HashSet<>();
        outputs.forEach(output -> needed.add(output.name()));
        List<Node> nodes = new ArrayList<>();
        for (Node node : all.reversed()) {
            if (!Collections.disjoint(needed, node.outputs())) {
                nodes.add(node);
                needed.addAll(node.inputs());
            }
        }
        Collections.reverse(nodes);
        Map<String, Tensor> initializers = new LinkedHashMap<>();
        weights.initializers().forEach((name, tensor) -> {
            if (needed.contains(name)) {
                initializers.put(name, tensor);
            }
        });
        Graph assembled = new Graph(
                "fairlead",
                graph.inputs().stream()
                        .map(input -> Value.of(names.of(input), input.dtype(), input.dims()))
                        .toList(),
                outputs,
                initializers,
                nodes,
                inner(graph, names, needed, outputs));
        Set<String> made = new HashSet<>();
        nodes.forEach(node -> made.addAll(node.outputs()));
        return new Assembly(
                assembled,
                new Provenance(
                        values.stream()
                                .filter(value -> made.contains(value.value()))
                                .toList(),
                        weights.provenance(needed)));
    }

    private static List<Value> inner(MlxGraph graph, Names names, Set<String> needed, List<Value> outputs) {
        Set<String> stated = new HashSet<>();
        outputs.forEach(output -> stated.add(output.name()));
        List<Value> values = new ArrayList<>();
        graph.nodes().forEach(node -> {
            for (MlxValue value : node.outputs()) {
                String name = names.of(value);
                if (needed.contains(name) && stated.add(name)) {
                    values.add(Value.of(name, value.dtype(), value.dims()));
                }
            }
        });
        return values;
    }
}
