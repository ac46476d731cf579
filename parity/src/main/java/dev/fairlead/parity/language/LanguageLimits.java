package dev.fairlead.parity.language;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a language model must keep to. No significant flip and no undefined position is allowed whatever the limits.
 *
 * @param meanKl nats
 * @param highKl of the 99.9 % quantile
 * @param maxKl of the largest
 * @param perplexityMargin share by which perplexities may differ
 * @param level of the test that they differ by less
 */
public record LanguageLimits(double meanKl, double highKl, double maxKl, double perplexityMargin, double level) {
    private static final double MARGIN = 0.001;
    private static final double LEVEL = 0.05;

    /** What the mean of a clean pair is near. */
    private static final Map<String, Double> CLEAN =
            Map.of("float32", 1e-12, "tf32", 1e-6, "float16", 3e-6, "bfloat16", 1e-4);

    public LanguageLimits {
        requirePositive("mean_kl", meanKl);
        requirePositive("high_kl", highKl);
        requirePositive("max_kl", maxKl);
        requirePositive("perplexity_margin", perplexityMargin);
        if (!(level > 0 && level < 0.5)) {
            throw new IllegalArgumentException("level: " + level + " is not between 0 and 0.5");
        }
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + ": " + value + " is not a positive finite number");
        }
    }

    /**
     * Uncalibrated defaults: ten times the mean of a clean pair, and ten and a hundred times that for the quantile and the largest. A
     * divergence goes with the square of the error of the logits, so that ten times is an error three times as large.
     *
     * @param precision {@code float32}, {@code tf32}, {@code float16} or {@code bfloat16}; empty for another
     */
    public static Optional<LanguageLimits> of(String precision) {
        return Optional.ofNullable(CLEAN.get(precision.toLowerCase(Locale.ROOT)))
                .map(clean -> new LanguageLimits(10 * clean, 100 * clean, 1000 * clean, MARGIN, LEVEL));
    }

    /** The margin as a difference of log-perplexities. */
    double logMargin() {
        return Math.log1p(perplexityMargin);
    }
}
