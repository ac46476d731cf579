package dev.fairlead.parity.metrics;

/**
 * One way to add a stretch of elements to the statistics. All kernels give the same counts, buckets and extrema. Not safe
 * for use by several threads.
 */
interface Kernel {
    /**
     * Adds the elements {@code from} to {@code to}, exclusive, to all but the histograms and the sum of relative errors.
     *
     * @param to at most {@link Measurement#BLOCK} after {@code from}
     */
    void add(Pair pair, long from, long to, Statistics into);

    /** Adds them to what costs most: {@link Statistics#absolute}, {@link Statistics#relative}, {@link Statistics#ulp}, relative errors. */
    void spread(Pair pair, long from, long to, Statistics into);
}
