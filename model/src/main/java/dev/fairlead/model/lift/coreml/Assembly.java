package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.coreml.MilType;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.graph.Value;
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
 * The graph of all that was emitted, without what no output needs, and its provenance.
 *
 * @param states the output that holds each state after the call, by the state's name
 */
record Assembly(Graph graph, Provenance provenance, Map<String, String> states) {
    static Assembly of(
            String name,
            List<Value> inputs,
            Map<String, Operand> outputs,
            Map<String, Operand> states,
            Names names,
            Emitter emitter) {
        Map<String, Operand> all = new LinkedHashMap<>(outputs);
        Map<String, String> next = new LinkedHashMap<>();
        states.forEach((state, held) -> {
            String after = names.fresh(state + "_next");
            next.put(state, after);
            all.put(after, held);
        });
        List<Value> results = new ArrayList<>();
        List<Node> renames = new ArrayList<>();
        List<OfValue> values = new ArrayList<>(emitter.provenance().values());
        all.forEach((output, operand) -> {
            // First of all: a constant writes its nodes when it is asked for.
            String made = emitter.of(operand);
            if (!made.equals(output)) {
                renames.add(new Node(
                        output, "", "Identity", List.of(made), List.of(output), new TreeMap<>(), new TreeMap<>()));
                values.add(new OfValue(output, List.of(output), Origin.UNKNOWN, "output", 1, Relation.IDENTITY));
            }
            results.add(Types.value(output, type(operand)));
        });
        List<Node> written = new ArrayList<>(emitter.nodes());
        written.addAll(renames);
        Set<String> needed = new HashSet<>(all.keySet());
        List<Node> nodes = new ArrayList<>();
        for (Node node : written.reversed()) {
            if (!Collections.disjoint(needed, node.outputs())) {
                nodes.add(node);
                use(node, needed);
            }
        }
        Collections.reverse(nodes);
        Map<String, Tensor> initializers = new LinkedHashMap<>();
        emitter.constants().initializers().forEach((initializer, tensor) -> {
            if (needed.contains(initializer)) {
                initializers.put(initializer, tensor);
            }
        });
        Set<String> made = new HashSet<>();
        nodes.forEach(node -> made.addAll(node.outputs()));
        List<Value> inner = new ArrayList<>();
        emitter.types().forEach((value, type) -> {
            if (made.contains(value) && !all.containsKey(value)) {
                inner.add(Types.value(value, type));
            }
        });
        return new Assembly(
                new Graph(name, inputs, results, initializers, nodes, inner),
                new Provenance(
                        values.stream()
                                .filter(value -> made.contains(value.value()))
                                .toList(),
                        emitter.constants().provenance().values().stream()
                                .filter(weight -> initializers.containsKey(weight.initializer()))
                                .toList()),
                next);
    }

    private static MilType.OfTensor type(Operand operand) {
        return switch (operand) {
            case Operand.Computed(String onnx, MilType.OfTensor type) -> type;
            case Operand.Constant(Weight weight) -> weight.type();
            case Operand.Texts t -> throw new IllegalStateException("an output is text");
            case Operand.Other o -> throw new IllegalStateException("an output is no tensor");
            case Operand.Failed f -> throw new IllegalStateException("an output could not be made");
            case Operand.State s -> throw new IllegalStateException("an output is a state");
        };
    }

    /** All names that a node asks for, those of the graphs within it too. */
    private static void use(Node node, Set<String> needed) {
        needed.addAll(node.inputs());
        for (Attribute attribute : node.attributes().values()) {
            if (attribute instanceof Attribute.GraphValue(Graph graph)) {
                graph.outputs().forEach(output -> needed.add(output.name()));
                graph.nodes().forEach(inner -> use(inner, needed));
            }
        }
    }
}
