package dev.fairlead.model.interpret;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import java.util.stream.Stream;

/** Walks nodes with those of inner graphs. */
final class Operators {
    private Operators() {}

    static Stream<Node> in(Graph graph) {
        return graphs(graph).flatMap(one -> one.nodes().stream());
    }

    /** The graph and all inner ones. */
    static Stream<Graph> graphs(Graph graph) {
        return Stream.concat(
                Stream.of(graph),
                graph.nodes().stream()
                        .flatMap(node -> node.attributes().values().stream())
                        .flatMap(attribute -> attribute instanceof Attribute.GraphValue(Graph inner)
                                ? graphs(inner)
                                : Stream.empty()));
    }
}
