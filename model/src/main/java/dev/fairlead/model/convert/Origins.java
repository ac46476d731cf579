package dev.fairlead.model.convert;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.provenance.OriginMetadata;
import dev.fairlead.model.provenance.Provenance;
import java.util.HashMap;
import java.util.Map;

/** Where in the prototype the graph's nodes were written, to say it of those that a lowering refuses. */
final class Origins {
    private final Map<String, Origin> byName = new HashMap<>();

    Origins(Graph graph, Provenance provenance) {
        provenance.values().forEach(value -> note(value.value(), value.origin()));
        collect(graph);
    }

    private void collect(Graph graph) {
        for (Node node : graph.nodes()) {
            Origin origin = OriginMetadata.origin(node.metadata());
            node.outputs().forEach(output -> note(output, origin));
            if (!node.outputs().isEmpty()) {
                note(node.name(), byName.getOrDefault(node.outputs().getFirst(), origin));
            }
            for (Attribute attribute : node.attributes().values()) {
                if (attribute instanceof Attribute.GraphValue(Graph inner)) {
                    collect(inner);
                }
            }
        }
    }

    private void note(String name, Origin origin) {
        if (!name.isEmpty() && !origin.equals(Origin.UNKNOWN)) {
            byName.putIfAbsent(name, origin);
        }
    }

    /** @param name the node's, or its first output's */
    UnsupportedOperation refusal(String op, String name, String reason) {
        return new UnsupportedOperation(op, name, byName.getOrDefault(name, Origin.UNKNOWN), reason);
    }
}
