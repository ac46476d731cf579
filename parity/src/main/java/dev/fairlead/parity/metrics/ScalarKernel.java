package dev.fairlead.parity.metrics;

import dev.fairlead.model.tensor.DType;

/** The reference: every type, one element at a time, nothing clever. */
final class ScalarKernel implements Kernel {
    @Override
    public void add(Pair pair, long from, long to, Statistics into) {
        boolean narrow = pair.narrow();
        into.elements += to - from;
        for (long i = from; i < to; i++) {
            double a = pair.reference().doubleAt(i);
            double b = pair.candidate().doubleAt(i);
            if (Double.isFinite(a) && Double.isFinite(b)) {
                addFinite(into, i, a, b, narrow);
                into.maxUlp = Math.max(into.maxUlp, distance(pair, i));
            } else {
                addMasked(into, a, b);
            }
        }
    }

    @Override
    public void spread(Pair pair, long from, long to, Statistics into) {
        boolean narrow = pair.narrow();
        for (long i = from; i < to; i++) {
            double a = pair.reference().doubleAt(i);
            double b = pair.candidate().doubleAt(i);
            if (Double.isFinite(a) && Double.isFinite(b)) {
                double absolute = Math.abs(error(a, b, narrow));
                into.absolute.counts[Octaves.bucket(absolute)]++;
                double relative = relative(absolute, a, narrow);
                into.relativeError += relative;
                into.relative.counts[Octaves.bucket(relative)]++;
                into.ulp[Statistics.ulpBucket(distance(pair, i))]++;
            }
        }
    }

    /** The difference, rounded to float32 where both types fit it, as the vectorised kernel computes it. */
    static double error(double a, double b, boolean narrow) {
        double error = a - b;
        return narrow ? toFloat(error) : error;
    }

    /** The first element of a block whose absolute error is this one. */
    static long firstAt(Pair pair, long from, double absolute) {
        boolean narrow = pair.narrow();
        long index = from;
        while (Math.abs(error(pair.reference().doubleAt(index), pair.candidate().doubleAt(index), narrow))
                != absolute) {
            index++;
        }
        return index;
    }

    private static double relative(double absolute, double reference, boolean narrow) {
        double relative = absolute / Math.max(Math.abs(reference), Statistics.RELATIVE_FLOOR);
        return narrow ? toFloat(relative) : relative;
    }

    private static double toFloat(double value) {
        return Math.clamp((double) (float) value, -Float.MAX_VALUE, Float.MAX_VALUE);
    }

    private static void addFinite(Statistics into, long index, double a, double b, boolean narrow) {
        double error = error(a, b, narrow);
        double absolute = Math.abs(error);
        double relative = relative(absolute, a, narrow);
        into.squaredError += error * error;
        into.absoluteError += absolute;
        into.squaredReference += a * a;
        into.squaredCandidate += b * b;
        into.product += a * b;
        into.raiseMaxAbsolute(absolute, index);
        into.maxRelative = Math.max(into.maxRelative, relative);
        into.minReference = Math.min(into.minReference, a);
        into.maxReference = Math.max(into.maxReference, a);
    }

    private static long distance(Pair pair, long index) {
        DType unit = pair.unit();
        long a = Pair.ordinal(pair.reference(), index, unit);
        long b = Pair.ordinal(pair.candidate(), index, unit);
        long distance = Math.max(a, b) - Math.min(a, b);
        // More than 2^63 - 1 apart: only 64-bit types, and then the exact number tells nobody anything.
        return distance < 0 ? Long.MAX_VALUE : distance;
    }

    private static void addMasked(Statistics into, double a, double b) {
        into.masked++;
        into.referenceNans += Double.isNaN(a) ? 1 : 0;
        into.candidateNans += Double.isNaN(b) ? 1 : 0;
        into.referenceInfinities += Double.isInfinite(a) ? 1 : 0;
        into.candidateInfinities += Double.isInfinite(b) ? 1 : 0;
        // compare() holds all NaNs equal and tells +Inf from -Inf.
        into.maskMismatches += Double.compare(a, b) == 0 ? 0 : 1;
    }
}
