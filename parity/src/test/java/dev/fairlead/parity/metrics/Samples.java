package dev.fairlead.parity.metrics;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;

/** Tensors for the tests of this package. */
final class Samples {
    private Samples() {}

    /** Normal numbers and the same a few units of least precision off, of either sign. */
    static Pair close(int elements, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] a = new float[elements];
        float[] b = new float[elements];
        for (int i = 0; i < elements; i++) {
            a[i] = (float) random.nextGaussian();
            b[i] = Float.intBitsToFloat(Float.floatToRawIntBits(a[i]) + random.nextInt(-4, 5));
        }
        return pair(a, b);
    }

    static Pair pair(float[] a, float[] b) {
        List<Long> shape = List.of((long) a.length);
        return new Pair(Tensor.ofFloats(shape, a), Tensor.ofFloats(shape, b));
    }

    static Tensor bytes(DType dtype, byte... bytes) {
        List<Long> shape = List.of((long) bytes.length / dtype.bytes());
        return new Tensor(dtype, shape, java.lang.foreign.MemorySegment.ofArray(bytes));
    }
}
