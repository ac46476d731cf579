package dev.fairlead.model.graph;

/**
 * An operation that cannot be carried into another format.
 *
 * @param node where it stands in its file, such as {@code nodes[12]}
 */
public record UnsupportedOperation(String op, String node, Origin origin, String reason) {
    /** {@code FFT at model.py:12 (encoder): no rule converts it}, or {@code FFT nodes[12]: …} where no line is known. */
    @Override
    public String toString() {
        return op + (origin.equals(Origin.UNKNOWN) ? " " + node : " at " + origin) + ": " + reason;
    }
}
