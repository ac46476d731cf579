package dev.fairlead.model.interpret;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import java.util.stream.Stream;

/** Walks nodes with those of inner graphs. */
final class Operators {
    private Operators() {}

    static Stream<Node> in(Graph graph) {
        return graph.nodes().stream()
                .flatMap(node -> Stream.concat(
                        Stream.of(node),
                        node.attributes().values().stream()
                                .flatMap(attribute -> attribute instanceof Attribute.GraphValue(Graph inner)
                                        ? in(inner)
                                        : Stream.empty())));
    }
}
