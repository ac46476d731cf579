package dev.fairlead.model.interpret;

import dev.fairlead.model.graph.Node;

/** Sees a graph's values as they are made; the interpreter lets go of each when no node needs it any more. */
@FunctionalInterface
public interface Observer {
    Observer NONE = (_, _, _) -> {};

    /** Called once for each output that a node of the main graph makes, before the next node runs. */
    void made(Node node, String value, Datum datum);
}
