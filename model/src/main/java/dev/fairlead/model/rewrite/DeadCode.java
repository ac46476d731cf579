package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Removes nodes, initializers and stated values that no output depends on. Inputs stay: they are the model's signature. */
public final class DeadCode {
    private DeadCode() {}

    public static Model remove(Model model) {
        return model.withGraph(live(model.graph()));
    }

    private static Graph live(Graph graph) {
        Set<String> used = new HashSet<>();
        graph.outputs().forEach(output -> used.add(output.name()));
        Deque<Node> kept = new ArrayDeque<>();
        for (Node node : graph.nodes().reversed()) {
            if (node.outputs().stream().anyMatch(used::contains)) {
                Node pruned = pruned(node);
                used.addAll(pruned.inputs());
                pruned.attributes().values().forEach(attribute -> {
                    if (attribute instanceof Attribute.GraphValue(Graph inner)) {
                        addNames(inner, used);
                    }
                });
                kept.addFirst(pruned);
            }
        }
        // An initializer of an input is that input's default.
        Set<String> inputs = new HashSet<>();
        graph.inputs().forEach(input -> inputs.add(input.name()));
        Map<String, Tensor> initializers = new LinkedHashMap<>();
        graph.initializers().forEach((name, tensor) -> {
            if (used.contains(name) || inputs.contains(name)) {
                initializers.put(name, tensor);
            }
        });
        Set<String> made = new HashSet<>(initializers.keySet());
        made.addAll(inputs);
        kept.forEach(node -> made.addAll(node.outputs()));
        List<Value> values = graph.values().stream()
                .filter(value -> made.contains(value.name()))
                .toList();
        return new Graph(graph.name(), graph.inputs(), graph.outputs(), initializers, new ArrayList<>(kept), values);
    }

    private static Node pruned(Node node) {
        boolean holdsGraphs = node.attributes().values().stream().anyMatch(a -> a instanceof Attribute.GraphValue);
        if (!holdsGraphs) {
            return node;
        }
        TreeMap<String, Attribute> attributes = new TreeMap<>(node.attributes());
        attributes.replaceAll((name, attribute) -> attribute instanceof Attribute.GraphValue(Graph inner)
                ? new Attribute.GraphValue(live(inner))
                : attribute);
        return new Node(
                node.name(), node.domain(), node.op(), node.inputs(), node.outputs(), attributes, node.metadata());
    }

    /** All names that an inner graph mentions, for it may take them from around it. */
    private static void addNames(Graph graph, Set<String> names) {
        graph.outputs().forEach(output -> names.add(output.name()));
        for (Node node : graph.nodes()) {
            names.addAll(node.inputs());
            node.attributes().values().forEach(attribute -> {
                if (attribute instanceof Attribute.GraphValue(Graph inner)) {
                    addNames(inner, names);
                }
            });
        }
    }
}
