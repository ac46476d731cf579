package dev.fairlead.conformance.onnx;

/** Two numbers agree where they differ by at most {@code absolute + relative * |expected|}. */
public record Tolerance(double relative, double absolute) {
    /** What ONNX' own backend tests allow. */
    public static final Tolerance ONNX = new Tolerance(1e-3, 1e-7);

    /** NaN agrees with NaN only, an infinity with itself only. */
    boolean allows(double expected, double found) {
        if (Double.isNaN(expected) || Double.isNaN(found)) {
            return Double.isNaN(expected) && Double.isNaN(found);
        }
        if (Double.isInfinite(expected) || Double.isInfinite(found)) {
            return expected == found;
        }
        return Math.abs(expected - found) <= absolute + relative * Math.abs(expected);
    }
}
