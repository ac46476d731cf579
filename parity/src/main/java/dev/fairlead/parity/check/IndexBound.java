package dev.fairlead.parity.check;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/** Below what an input's integers must stay, because they pick rows of a table. */
final class IndexBound {
    private static final Set<String> MOVES =
            Set.of("Cast", "Identity", "Reshape", "Unsqueeze", "Squeeze", "Flatten", "Transpose", "Slice", "Expand");

    private IndexBound() {}

    /** The rows of the smallest table whose rows the input picks; absent where it picks none that is known. */
    static OptionalLong of(Graph graph, String input) {
        Deque<String> open = new ArrayDeque<>(Set.of(input));
        Set<String> seen = new HashSet<>();
        OptionalLong least = OptionalLong.empty();
        while (!open.isEmpty()) {
            String value = open.pop();
            if (!seen.add(value)) {
                continue;
            }
            for (Node node : graph.nodes()) {
                if (MOVES.contains(node.op()) && node.inputs().getFirst().equals(value)) {
                    open.addAll(node.outputs());
                }
                if (node.op().equals("Gather") && node.inputs().get(1).equals(value)) {
                    Tensor table = graph.initializers().get(node.inputs().getFirst());
                    if (table != null) {
                        long rows = table.shape().get(axis(node, table.shape().size()));
                        least = OptionalLong.of(Math.min(rows, least.orElse(rows)));
                    }
                }
            }
        }
        return least;
    }

    private static int axis(Node node, int rank) {
        long axis = node.attributes().get("axis") instanceof Attribute.Int(long stated) ? stated : 0;
        return Math.toIntExact(axis < 0 ? axis + rank : axis);
    }
}
