package dev.fairlead.parity.metrics;

/**
 * A histogram of non-negative numbers over fixed powers of two, so that it takes the same memory for any number of
 * values and two of them add up exactly. Bucket 0 holds everything below 2^-126, bucket k holds [2^(k-127), 2^(k-126)),
 * the last one also whatever is larger. The buckets are the biased exponents of float32.
 */
final class Octaves {
    static final int SIZE = 255;
    final long[] counts = new long[SIZE];

    static int bucket(double value) {
        return Math.min(Float.floatToRawIntBits((float) value) >>> 23, SIZE - 1);
    }

    /** The smallest number above the bucket's values. */
    static double upperEdge(int bucket) {
        return Math.scalb(1.0, bucket - 126);
    }

    void add(Octaves other) {
        for (int i = 0; i < SIZE; i++) {
            counts[i] += other.counts[i];
        }
    }

    long total() {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        return total;
    }

    /**
     * A number that at least the given share of the values do not exceed, never too low and at most twice too high.
     *
     * @param share in (0, 1]
     * @param max the largest value
     */
    double quantile(double share, double max) {
        long total = total();
        long wanted = Math.max(1, (long) Math.ceil(share * total));
        long seen = counts[0];
        if (seen >= wanted) {
            // Exact zeros are by far the most of what is below 2^-126.
            return Math.min(max, total == 0 ? 0 : Float.MIN_NORMAL);
        }
        for (int i = 1; i < SIZE; i++) {
            seen += counts[i];
            if (seen >= wanted) {
                return i == SIZE - 1 ? max : Math.min(upperEdge(i), max);
            }
        }
        return max;
    }
}
