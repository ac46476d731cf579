package dev.fairlead.model.graph;

/**
 * An operation that cannot be carried into another format.
 *
 * @param node where it stands in its file, such as {@code nodes[12]}
 */
public record UnsupportedOperation(String op, String node, Origin origin, String reason) {
    /** {@code FFT at model.py:12 (encoder): no rule converts it}. */
    @Override
    public String toString() {
        return op + " at " + origin + ": " + reason;
    }
}
