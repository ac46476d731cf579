package dev.fairlead.parity.statistics;

import org.apache.commons.statistics.distribution.BinomialDistribution;

/** How many independent inputs a claim about a failure rate takes; the inverse of the one-sided limit of Clopper and Pearson. */
public final class SampleSize {
    private SampleSize() {}

    /**
     * The least number of inputs, none of which fails, that bounds the rate: (1 - rate)^n ≤ 1 - confidence.
     *
     * @param rate to be shown not to be exceeded
     */
    public static int of(double rate, double confidence) {
        return of(rate, confidence, 0);
    }

    /**
     * The least number of inputs of which no more than so many fail.
     *
     * @throws ArithmeticException where no integer is as large
     */
    public static int of(double rate, double confidence, int failures) {
        Checks.share("rate", rate);
        Checks.share("confidence", confidence);
        if (failures < 0) {
            throw new IllegalArgumentException("failures: " + failures + " is negative");
        }
        int low = failures;
        int high = failures + 1;
        while (!shows(rate, confidence, failures, high)) {
            low = high;
            high = Math.multiplyExact(high, 2);
        }
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (shows(rate, confidence, failures, middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    /** Whether as few failures would be seen with no more than the chance left by the confidence, were the rate as high. */
    private static boolean shows(double rate, double confidence, int failures, int inputs) {
        double chance = failures == 0
                ? Math.exp(inputs * Math.log1p(-rate))
                : BinomialDistribution.of(inputs, rate).cumulativeProbability(failures);
        return chance <= 1 - confidence;
    }
}
