package dev.fairlead.parity.metrics;

/**
 * float32 against float32, vectorised.
 *
 * <p>One loop finds extrema and sums; a block that the histograms are made of is read again, from the first-level cache. Blocks with
 * what the loops leave out go to the scalar kernel: a value that is not finite or near overflow, squares that underflow, values that may
 * be 2^31 units of least precision apart, and a block that is not full.
 *
 * <p>Counts, buckets and extrema are the scalar kernel's. Sums run over {@link Float32Block#RUN} float32 terms in each
 * lane before they are widened: of terms of one sign they are within {@code RUN · 2^-24} of the scalar kernel's, for any
 * length, and the product within that share of {@code ‖reference‖ · ‖error‖}.
 */
final class Float32Kernel implements Kernel {
    private final ScalarKernel scalar = new ScalarKernel();
    private final Float32Block block = new Float32Block();
    private final Float32Keys keys = new Float32Keys();

    @Override
    public void add(Pair pair, long from, long to, Statistics into) {
        if (!ordinary(pair, from, to, (float) into.maxRelative)) {
            scalar.add(pair, from, to, into);
            return;
        }
        if (block.squaredCandidate() < block.squaredReference * Float32Block.LEFT_OF_DIFFERENCE) {
            // Too little is left of the difference that the candidate's norm is computed from.
            scalar.add(pair, from, to, into);
            return;
        }
        block.addTo(into, pair.reference().data(), pair.candidate().data(), from);
    }

    @Override
    public void spread(Pair pair, long from, long to, Statistics into) {
        if (ordinary(pair, from, to, Float.MAX_VALUE)) {
            keys.count(pair.reference().data(), pair.candidate().data(), from * Float.BYTES, into);
        } else {
            scalar.spread(pair, from, to, into);
        }
    }

    private boolean ordinary(Pair pair, long from, long to, float maxRelative) {
        if (to - from != Measurement.BLOCK) {
            return false;
        }
        block.scan(pair.reference().data(), pair.candidate().data(), from * Float.BYTES, maxRelative);
        return block.ordinary();
    }
}
