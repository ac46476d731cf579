package dev.fairlead.model.convert;

import dev.fairlead.model.graph.Origin;

/**
 * A primitive that cannot be converted.
 *
 * @param node where it stands in {@code graph.json}, such as {@code nodes[12]}
 */
public record UnsupportedOperation(String op, String node, Origin origin, String reason) {
    /** {@code FFT at model.py:12 (encoder): no rule converts it}. */
    @Override
    public String toString() {
        return op + " at " + origin + ": " + reason;
    }
}
