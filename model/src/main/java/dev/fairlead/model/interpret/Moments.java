package dev.fairlead.model.interpret;

/**
 * Mean and population variance of runs of numbers.
 *
 * @param mean of each run
 * @param variance of each run
 * @param squares mean square of each run
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Moments(double[] mean, double[] variance, double[] squares) {
    static Moments of(double[] values, int length) {
        int runs = length == 0 ? 0 : values.length / length;
        Moments moments = new Moments(new double[runs], new double[runs], new double[runs]);
        for (int run = 0; run < runs; run++) {
            double sum = 0;
            double squares = 0;
            for (int i = run * length; i < (run + 1) * length; i++) {
                sum += values[i];
                squares += values[i] * values[i];
            }
            double mean = sum / length;
            double spread = 0;
            for (int i = run * length; i < (run + 1) * length; i++) {
                spread += (values[i] - mean) * (values[i] - mean);
            }
            moments.mean[run] = mean;
            moments.variance[run] = spread / length;
            moments.squares[run] = squares / length;
        }
        return moments;
    }

    /** Each run with mean 0 and variance 1. */
    static double[] normalized(double[] values, int length, double epsilon) {
        Moments moments = of(values, length);
        double[] normalized = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int run = i / length;
            normalized[i] = (values[i] - moments.mean[run]) / Math.sqrt(moments.variance[run] + epsilon);
        }
        return normalized;
    }
}
