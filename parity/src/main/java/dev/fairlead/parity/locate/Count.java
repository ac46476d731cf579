package dev.fairlead.parity.locate;

import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;

/** Elements of a node's results, and how many are not as they should be. */
final class Count {
    private long elements;
    private long unrounded;
    long outside;
    private double excess;
    private double errors;
    private double squares;

    void add(Tensor made, Array exact, Kind kind, Bound bound, double[] factors, double[] slack) {
        switch (exact) {
            case Array.Reals(DType _, int[] _, double[] values) -> {
                Tensor rounded = Tensor.scalar(made.dtype(), 0);
                for (int i = 0; i < values.length; i++) {
                    rounded.set(0, values[i]);
                    double tau = bound.of(values[i], factors[i]) + slack[i];
                    boolean isRounded = kind == Kind.ROUNDED && slack[i] == 0;
                    add(made.doubleAt(i), values[i], rounded.doubleAt(0), isRounded ? bound.least() : tau, tau);
                }
            }
            case Array.Integers(DType _, int[] _, long[] values) -> {
                double step = kind == Kind.STEPPED ? 1 : 0;
                for (int i = 0; i < values.length; i++) {
                    double value = (double) values[i];
                    add((double) made.longAt(i), value, value, step + slack[i], 1);
                }
            }
            case Array.Complexes _, Array.Texts _ -> throw new IllegalArgumentException("exact: no real numbers");
        }
    }

    /**
     * @param allowed error of what is not the nearest number
     * @param scale that the excess is counted in
     */
    private void add(double made, double exact, double nearest, double allowed, double scale) {
        elements++;
        if (made == nearest || (Double.isNaN(made) && Double.isNaN(nearest))) {
            squares += Double.isFinite(exact) ? exact * exact : 0;
            return;
        }
        unrounded++;
        double error = Math.abs(made - exact);
        excess = Math.max(excess, Double.isFinite(error) ? error / scale : Double.POSITIVE_INFINITY);
        if (!(error <= allowed)) {
            outside++;
        }
        if (Double.isFinite(error)) {
            errors += error * error;
            squares += exact * exact;
        }
    }

    double error() {
        if (excess == Double.POSITIVE_INFINITY) {
            return excess;
        }
        return errors == 0 ? 0 : Math.sqrt(errors / squares);
    }

    Replayed end(Operation operation, Replayed.Verdict verdict, boolean prefixed, String reason) {
        return new Replayed(operation, verdict, elements, unrounded, outside, excess, prefixed, reason);
    }
}
