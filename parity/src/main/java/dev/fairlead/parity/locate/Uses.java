package dev.fairlead.parity.locate;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import java.util.LinkedHashSet;
import java.util.Set;

/** What nodes use of the values around them. */
final class Uses {
    private Uses() {}

    /** The names of a node's inputs, and of what its inner graphs take from outside. */
    static Set<String> of(Node node) {
        Set<String> names = new LinkedHashSet<>(node.inputs());
        names.remove("");
        for (Attribute attribute : node.attributes().values()) {
            if (attribute instanceof Attribute.GraphValue(Graph inner)) {
                names.addAll(outer(inner));
            }
        }
        return names;
    }

    private static Set<String> outer(Graph graph) {
        Set<String> used = new LinkedHashSet<>();
        graph.nodes().forEach(node -> used.addAll(of(node)));
        graph.outputs().stream().map(Value::name).forEach(used::add);
        graph.nodes().forEach(node -> node.outputs().forEach(used::remove));
        graph.inputs().stream().map(Value::name).forEach(used::remove);
        used.removeAll(graph.initializers().keySet());
        return used;
    }
}
