package dev.fairlead.parity.metrics;

/**
 * float16 against float16 or bfloat16 against bfloat16, vectorised; what {@link Float32Kernel} says of blocks, counts and sums holds
 * here too. Distances are in units of the 16-bit type.
 */
final class HalfKernel implements Kernel {
    private final ScalarKernel scalar = new ScalarKernel();
    private final Float32Keys keys = new Float32Keys();
    private final HalfBlock block;

    HalfKernel(HalfFormat format) {
        block = new HalfBlock(format);
    }

    @Override
    public void add(Pair pair, long from, long to, Statistics into) {
        if (!ordinary(pair, from, to, (float) into.maxRelative) || !block.addTo(into, pair, from)) {
            scalar.add(pair, from, to, into);
        }
    }

    @Override
    public void spread(Pair pair, long from, long to, Statistics into) {
        if (ordinary(pair, from, to, Float.MAX_VALUE)) {
            block.count(pair.reference().data(), pair.candidate().data(), from * Short.BYTES, keys, into);
        } else {
            scalar.spread(pair, from, to, into);
        }
    }

    private boolean ordinary(Pair pair, long from, long to, float maxRelative) {
        if (to - from != Measurement.BLOCK) {
            return false;
        }
        block.scan(pair.reference().data(), pair.candidate().data(), from * Short.BYTES, maxRelative);
        return block.ordinary();
    }
}
