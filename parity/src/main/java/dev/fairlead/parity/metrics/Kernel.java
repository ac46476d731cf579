package dev.fairlead.parity.metrics;

/**
 * One way to add a stretch of elements to the statistics. All kernels give the same counts, buckets and extrema. Not safe
 * for use by several threads.
 */
interface Kernel {
    /**
     * Adds the elements {@code from} to {@code to}, exclusive.
     *
     * @param to at most {@link Measurement#BLOCK} after {@code from}
     */
    void add(Pair pair, long from, long to, Statistics into);
}
