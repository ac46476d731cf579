package dev.fairlead.parity.metrics;

/**
 * float64 against float64, vectorised but for the histograms, which are of few blocks of large tensors. Blocks with what the loop leaves
 * out go to the scalar kernel. Counts, buckets and extrema are the scalar kernel's; sums are in float64 as there, added in another order.
 */
final class Float64Kernel implements Kernel {
    private final ScalarKernel scalar = new ScalarKernel();
    private final Float64Block block = new Float64Block();

    @Override
    public void add(Pair pair, long from, long to, Statistics into) {
        if (to - from == Measurement.BLOCK) {
            block.scan(pair.reference().data(), pair.candidate().data(), from * Double.BYTES);
            if (block.ordinary()) {
                block.addTo(into, pair, from);
                return;
            }
        }
        scalar.add(pair, from, to, into);
    }

    @Override
    public void spread(Pair pair, long from, long to, Statistics into) {
        scalar.spread(pair, from, to, into);
    }
}
