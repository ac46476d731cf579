package dev.fairlead.parity.metrics;

import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Measures the kept positions of a pair: they are moved together, a block at a time, so that memory does not grow with the pair. */
final class KeptBlocks {
    private final Pair pair;
    private final Pair block;
    private final Statistics all = new Statistics();
    private final long[] places = new long[Measurement.BLOCK];
    private int filled;
    private long blocks;

    private KeptBlocks(Pair pair) {
        this.pair = pair;
        block = new Pair(like(pair.reference()), like(pair.candidate()));
    }

    private static Tensor like(Tensor tensor) {
        return Tensor.allocate(tensor.dtype(), List.of((long) Measurement.BLOCK));
    }

    static Statistics measure(Pair pair, Mask mask) {
        Mask.Positions positions = mask.over(pair.reference().shape());
        KeptBlocks kept = new KeptBlocks(pair);
        Kernel kernel = Measurement.kernel(kept.block);
        for (long index = 0; index < positions.runs(); index++) {
            long from = index * positions.run();
            if (positions.keepsRun(index)) {
                kept.add(from, from + positions.run(), kernel);
            } else {
                kept.all.leftOut += positions.run();
            }
        }
        kept.measure(kernel);
        return kept.all;
    }

    private void add(long from, long to, Kernel kernel) {
        long at = from;
        while (at < to) {
            int count = (int) Math.min(to - at, Measurement.BLOCK - filled);
            copy(pair.reference(), at, block.reference(), count);
            copy(pair.candidate(), at, block.candidate(), count);
            for (int i = 0; i < count; i++) {
                places[filled + i] = at + i;
            }
            filled += count;
            at += count;
            if (filled == Measurement.BLOCK) {
                measure(kernel);
            }
        }
    }

    private void copy(Tensor from, long at, Tensor to, int count) {
        if (from.dtype().isPacked()) {
            for (int i = 0; i < count; i++) {
                to.set(filled + i, from.doubleAt(at + i));
            }
        } else {
            int size = from.dtype().bytes();
            MemorySegment.copy(from.data(), at * size, to.data(), (long) filled * size, (long) count * size);
        }
    }

    private void measure(Kernel kernel) {
        Statistics part = Measurement.block(block, filled, blocks, kernel);
        if (part.maxAbsoluteIndex >= 0) {
            part.maxAbsoluteIndex = places[(int) part.maxAbsoluteIndex];
        }
        all.add(part);
        blocks++;
        filled = 0;
    }
}
