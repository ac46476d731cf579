package dev.fairlead.parity.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** A vectorised kernel gives what the scalar reference gives: counts, buckets and extrema exactly, sums within a bound. */
final class Agreement {
    private Agreement() {}

    /** @param sums relative; the float64 rounding, which grows with the length, comes on top of it */
    static void holds(Pair pair, Kernel kernel, double sums) {
        Statistics wanted = Measurement.of(pair, new ScalarKernel());
        Statistics found = Measurement.of(pair, kernel);
        assertThat(found.elements).isEqualTo(wanted.elements);
        assertThat(found.masked).isEqualTo(wanted.masked);
        assertThat(found.maskMismatches).isEqualTo(wanted.maskMismatches);
        assertThat(found.ulp).containsExactly(wanted.ulp);
        assertThat(found.absolute.counts).containsExactly(wanted.absolute.counts);
        assertThat(found.relative.counts).containsExactly(wanted.relative.counts);
        assertThat(found.maxAbsolute).isEqualTo(wanted.maxAbsolute);
        assertThat(found.maxAbsoluteIndex).isEqualTo(wanted.maxAbsoluteIndex);
        assertThat(found.maxRelative).isEqualTo(wanted.maxRelative);
        assertThat(found.maxUlp).isEqualTo(wanted.maxUlp);
        // -0.0 and 0.0 are one value as an end of a range.
        assertThat(found.minReference + 0.0).isEqualTo(wanted.minReference + 0.0);
        assertThat(found.maxReference + 0.0).isEqualTo(wanted.maxReference + 0.0);
        double bound = sums + 1e-15 * Math.sqrt(pair.elements() + 1.0);
        close(found.squaredError, wanted.squaredError, bound);
        close(found.squaredReference, wanted.squaredReference, bound);
        close(found.absoluteError, wanted.absoluteError, bound);
        close(found.relativeError, wanted.relativeError, bound);
        // By way of the error, which float32 rounds where the two differ by more than a factor of two.
        assertThat(found.cosine()).isEqualTo(wanted.cosine(), within(1e-6));
    }

    private static void close(double found, double wanted, double share) {
        if (Double.isFinite(wanted)) {
            assertThat(found).isEqualTo(wanted, within(Math.abs(wanted) * share));
        } else {
            assertThat(found).isEqualTo(wanted);
        }
    }
}
