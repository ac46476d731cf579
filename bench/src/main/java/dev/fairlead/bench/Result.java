package dev.fairlead.bench;

import dev.fairlead.bench.Benchmark.Better;
import java.util.List;
import java.util.Locale;

/**
 * What a benchmark found.
 *
 * @param ratio the median of the samples
 * @param samples the ratio of each pair, in the order measured
 * @param subject median of the subject's measurements, in {@code measure}
 * @param baseline likewise
 */
public record Result(
        String name,
        double ratio,
        double target,
        String unit,
        Better better,
        List<Double> samples,
        double subject,
        double baseline,
        String measure,
        List<String> details) {
    public Result {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("samples: is empty");
        }
        samples = List.copyOf(samples);
        details = List.copyOf(details);
    }

    boolean reached() {
        return switch (better) {
            case HIGHER -> ratio >= target;
            case LOWER -> ratio <= target;
        };
    }

    double lowest() {
        return samples.stream().mapToDouble(sample -> sample).min().orElseThrow();
    }

    double highest() {
        return samples.stream().mapToDouble(sample -> sample).max().orElseThrow();
    }

    String targetText() {
        return (better == Better.HIGHER ? "≥ " : "≤ ") + String.format(Locale.ROOT, "%.2f", target);
    }

    /** The middle one, or the mean of the two in the middle. */
    public static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
