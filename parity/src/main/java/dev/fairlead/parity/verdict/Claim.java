package dev.fairlead.parity.verdict;

import java.util.Locale;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;

/**
 * What a number of independent inputs says: with this confidence, at most this share of all inputs is out of bound. The rate is the
 * one-sided upper limit of Clopper and Pearson (Biometrika 26, 1934), exact for the binomial distribution; without a failure it is the
 * solution of (1 - rate)^n = 1 - confidence, without an input 1.
 *
 * @param failures inputs out of bound
 */
public record Claim(int inputs, int failures, double confidence, double maximumRate) {
    private static final double CONFIDENCE = 0.95;

    public Claim {
        if (inputs < 0 || failures < 0 || failures > inputs) {
            throw new IllegalArgumentException("claim.failures: " + failures + " of " + inputs + " inputs");
        }
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("claim.confidence: " + confidence + " is not between 0 and 1");
        }
    }

    /** With a confidence of 95 %. */
    public static Claim of(int inputs, int failures) {
        return of(inputs, failures, CONFIDENCE);
    }

    /** With any confidence between 0 and 1. */
    public static Claim of(int inputs, int failures, double confidence) {
        double rate = inputs == 0 || failures == inputs
                ? 1
                // Its two sides share the error.
                : BinomialConfidenceInterval.CLOPPER_PEARSON
                        .fromErrorRate(inputs, failures, 2 * (1 - confidence))
                        .getUpperBound();
        return new Claim(inputs, failures, confidence, rate);
    }

    public String sentence() {
        if (inputs == 0) {
            return "no inputs; nothing is claimed";
        }
        String rate = maximumRate > 0.995 ? "100" : String.format(Locale.ROOT, "%.2g", maximumRate * 100);
        return String.format(
                Locale.ROOT,
                "at most %s %% of inputs out of bound (%.0f %% confidence, %d of %d failed)",
                rate,
                confidence * 100,
                failures,
                inputs);
    }
}
