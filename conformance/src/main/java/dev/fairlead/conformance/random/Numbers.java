package dev.fairlead.conformance.random;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;

/** Tensors made by chance, and how far the ones computed from them may lie apart. */
final class Numbers {
    /** What float32 loses in a chain of operators, relative to the largest number of a value. */
    private static final double FLOAT32_CHAIN = 1e-4;

    private Numbers() {}

    /** Numbers from a normal distribution. */
    static Tensor normal(Random random, long... shape) {
        Tensor tensor =
                Tensor.allocate(DType.FLOAT32, LongStream.of(shape).boxed().toList());
        for (long i = 0; i < tensor.elements(); i++) {
            tensor.set(i, random.nextGaussian());
        }
        return tensor;
    }

    /** Integers in {@code [from, to)}. */
    static Tensor integers(Random random, DType dtype, long from, long to, long... shape) {
        Tensor tensor = Tensor.allocate(dtype, LongStream.of(shape).boxed().toList());
        for (long i = 0; i < tensor.elements(); i++) {
            tensor.set(i, random.nextLong(from, to));
        }
        return tensor;
    }

    /** The first output that differs by more than float32's rounding in a chain, or nothing. */
    static Optional<String> difference(Map<String, Tensor> expected, Map<String, Tensor> found) {
        if (!expected.keySet().equals(found.keySet())) {
            return Optional.of("outputs are " + found.keySet() + ", expected " + expected.keySet());
        }
        return expected.entrySet().stream()
                .map(entry -> difference(entry.getValue(), Objects.requireNonNull(found.get(entry.getKey())))
                        .map(problem -> entry.getKey() + problem))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> difference(Tensor expected, Tensor found) {
        if (found.dtype() != expected.dtype() || !found.shape().equals(expected.shape())) {
            return Optional.of(" is %s%s, expected %s%s"
                    .formatted(
                            found.dtype().text(),
                            found.shape(),
                            expected.dtype().text(),
                            expected.shape()));
        }
        double largest = LongStream.range(0, expected.elements())
                .mapToDouble(expected::doubleAt)
                .map(Math::abs)
                .filter(Double::isFinite)
                .reduce(1, Math::max);
        double allowed = expected.dtype().isFloating() ? largest * FLOAT32_CHAIN : 0;
        for (long i = 0; i < expected.elements(); i++) {
            double a = expected.doubleAt(i);
            double b = found.doubleAt(i);
            if (Double.compare(a, b) != 0 && a != b && !(Math.abs(a - b) <= allowed)) {
                return Optional.of("[%d] is %s, expected %s".formatted(i, b, a));
            }
        }
        return Optional.empty();
    }
}
