package dev.fairlead.model.interpret;

import java.util.Arrays;

/**
 * Mean and population variance of runs of numbers.
 *
 * @param mean of each run
 * @param variance of each run
 * @param squares mean square of each run
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Moments(double[] mean, double[] variance, double[] squares) {
    static Moments of(Call call, double[] values, int length) {
        int runs = length == 0 ? 0 : values.length / length;
        Moments moments = new Moments(new double[runs], new double[runs], new double[runs]);
        for (int run = 0; run < runs; run++) {
            double[] own = Arrays.copyOfRange(values, run * length, (run + 1) * length);
            double mean = call.sums().of(own) / length;
            double[] off = Arrays.stream(own).map(value -> value - mean).toArray();
            moments.mean[run] = mean;
            moments.variance[run] = call.sums().dot(off, 0, off, 0, length) / length;
            moments.squares[run] = call.sums().dot(own, 0, own, 0, length) / length;
        }
        return moments;
    }

    /** Each run with mean 0 and variance 1. */
    static double[] normalized(Call call, double[] values, int length, double epsilon) {
        Moments moments = of(call, values, length);
        double[] normalized = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int run = i / length;
            normalized[i] = (values[i] - moments.mean[run]) / Math.sqrt(moments.variance[run] + epsilon);
        }
        return normalized;
    }
}
