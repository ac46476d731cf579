package dev.fairlead.parity.metrics;

import java.lang.foreign.MemorySegment;

/**
 * float32 against float32, vectorised.
 *
 * <p>A block is read twice, the second time from the first-level cache, because one loop over everything would need more
 * registers than there are. Each loop leaves one byte per element and histogram, the biased exponent of the error, the
 * relative error or the distance; {@link ByteCounts} then counts those without a scattered write. Blocks with what the
 * loops leave out go to the scalar kernel: a value that is not finite or near overflow, squares that underflow, values
 * that may be 2^31 units of least precision apart, and a block that is not full.
 *
 * <p>Counts, buckets and extrema are the scalar kernel's. Sums run over {@link Float32Block#RUN} float32 terms in each
 * lane before they are widened: of terms of one sign they are within {@code RUN · 2^-24} of the scalar kernel's, for any
 * length, and the product within that share of {@code ‖reference‖ · ‖error‖}.
 */
final class Float32Kernel implements Kernel {
    private final ScalarKernel scalar = new ScalarKernel();
    private final Float32Block block = new Float32Block();

    @Override
    public void add(Pair pair, long from, long to, Statistics into) {
        if (to - from != Measurement.BLOCK) {
            scalar.add(pair, from, to, into);
            return;
        }
        MemorySegment a = pair.reference().data();
        MemorySegment b = pair.candidate().data();
        long offset = from * Float.BYTES;
        block.distances(a, b, offset);
        if (!block.ordinary()) {
            scalar.add(pair, from, to, into);
            return;
        }
        block.sums(a, b, offset);
        if (block.squaredCandidate() < block.squaredReference * 0x1p-10) {
            // Too little is left of the difference that the candidate's norm is computed from.
            scalar.add(pair, from, to, into);
            return;
        }
        block.addTo(into, a, b, from);
    }
}
