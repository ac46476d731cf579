package dev.fairlead.parity.metrics;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;

/** Pairs of 16-bit floats by their bits. */
final class Halves {
    private Halves() {}

    static Pair pair(DType dtype, int elements, IntUnaryOperator reference, IntUnaryOperator candidate) {
        Tensor a = Tensor.allocate(dtype, List.of((long) elements));
        Tensor b = Tensor.allocate(dtype, List.of((long) elements));
        for (int i = 0; i < elements; i++) {
            a.data().set(Tensor.SHORT, 2L * i, (short) reference.applyAsInt(i));
            b.data().set(Tensor.SHORT, 2L * i, (short) candidate.applyAsInt(i));
        }
        return new Pair(a, b);
    }

    /** Numbers of the usual size, and the same up to four units of least precision off. */
    static Pair close(DType dtype, int elements, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Tensor a = Tensor.allocate(dtype, List.of((long) elements));
        for (int i = 0; i < elements; i++) {
            a.set(i, random.nextGaussian());
        }
        return pair(
                dtype,
                elements,
                i -> a.data().get(Tensor.SHORT, 2L * i),
                i -> a.data().get(Tensor.SHORT, 2L * i) + random.nextInt(-4, 5));
    }
}
