package dev.fairlead.model.onnx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import java.util.HashSet;
import java.util.Set;

/** Nodes come after what they use, so that no graph runs in a circle, and every value has one maker. */
final class GraphCheck {
    private final String file;

    GraphCheck(String file) {
        this.file = file;
    }

    /** @throws ModelException MALFORMED naming the node */
    void check(Graph graph) {
        check(graph, "graph", Set.of());
    }

    private void check(Graph graph, String path, Set<String> around) {
        Set<String> known = new HashSet<>(around);
        known.addAll(graph.initializers().keySet());
        graph.inputs().forEach(input -> known.add(input.name()));
        Set<String> made = new HashSet<>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            String at = path + ".node[" + i + "]";
            if (node.op().isEmpty()) {
                throw malformed(at + ".op_type", "is missing");
            }
            for (String input : node.inputs()) {
                if (!input.isEmpty() && !known.contains(input)) {
                    throw malformed(at + ".input", ModelException.shown(input) + " is made by no node before this one");
                }
            }
            node.attributes().forEach((name, attribute) -> {
                if (attribute instanceof Attribute.GraphValue(Graph inner)) {
                    check(inner, at + "." + name, known);
                }
            });
            for (String output : node.outputs()) {
                if (!output.isEmpty() && !made.add(output)) {
                    throw malformed(at + ".output", ModelException.shown(output) + " is made twice");
                }
                known.add(output);
            }
        }
        for (int i = 0; i < graph.outputs().size(); i++) {
            String output = graph.outputs().get(i).name();
            if (!known.contains(output)) {
                throw malformed(path + ".output[" + i + "]", ModelException.shown(output) + " is made by no node");
            }
        }
    }

    private ModelException malformed(String field, String problem) {
        return new ModelException(ErrorCode.MALFORMED, file, field, problem);
    }
}
