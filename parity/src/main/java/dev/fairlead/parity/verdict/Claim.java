package dev.fairlead.parity.verdict;

import java.util.Locale;

/**
 * What a number of independent inputs without a failure says: with this confidence, at most this share of all inputs
 * is out of bound. From (1 - rate)^n = 1 - confidence, exactly. With a failure among them, or no input, the rate is 1
 * and nothing is claimed.
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

    public static Claim of(int inputs, int failures) {
        double rate = inputs == 0 || failures > 0 ? 1 : -Math.expm1(Math.log1p(-CONFIDENCE) / inputs);
        return new Claim(inputs, failures, CONFIDENCE, rate);
    }

    public String sentence() {
        if (failures > 0 || inputs == 0) {
            return String.format(Locale.ROOT, "%d of %d inputs out of bound; nothing is claimed", failures, inputs);
        }
        return String.format(
                Locale.ROOT,
                "at most %.2g %% of inputs out of bound (%.0f %% confidence, 0 of %d failed)",
                maximumRate * 100,
                confidence * 100,
                inputs);
    }
}
