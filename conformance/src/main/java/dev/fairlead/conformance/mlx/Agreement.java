package dev.fairlead.conformance.mlx;

import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/**
 * Whether a value of the interpreter is what {@code fairlead.reference} computed, both in float64: 1e-12 of normalised root mean
 * square error, which is the parity gate's limit for a conversion. Shapes, integers, booleans, NaN and infinities must be equal.
 */
final class Agreement {
    static final double LIMIT = 1e-12;

    private Agreement() {}

    /**
     * How they differ, or nothing.
     *
     * @param wanted as the reference stores it: complex numbers have one more axis of two
     */
    static Optional<String> difference(Datum found, Tensor wanted) {
        return switch (found) {
            case Datum.Dense(Array.Reals reals) -> numbers(shape(reals), reals.values(), wanted);
            case Datum.Dense(Array.Integers integers) -> integers(integers, wanted);
            case Datum.Dense(Array.Complexes complexes) -> {
                List<Long> shape = shape(complexes);
                shape.add(2L);
                yield numbers(shape, complexes.values(), wanted);
            }
            case Datum.Dense(Array.Texts _) -> Optional.of("holds texts");
            case Datum.Sequence _, Datum.Maybe _ -> Optional.of("is no tensor");
        };
    }

    private static List<Long> shape(Array array) {
        return new ArrayList<>(
                Arrays.stream(array.shape()).asLongStream().boxed().toList());
    }

    private static Optional<String> integers(Array.Integers found, Tensor wanted) {
        if (wanted.dtype().isFloating() || !shape(found).equals(wanted.shape())) {
            return described(found.dtype().text() + shape(found), wanted);
        }
        for (int i = 0; i < found.values().length; i++) {
            if (found.values()[i] != wanted.longAt(i)) {
                return Optional.of("[%d] is %d, expected %d".formatted(i, found.values()[i], wanted.longAt(i)));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> numbers(List<Long> shape, double[] found, Tensor wanted) {
        if (!wanted.dtype().isFloating() || !shape.equals(wanted.shape())) {
            return described("floating" + shape, wanted);
        }
        IntToDoubleFunction exact = wanted::doubleAt;
        double errors = 0;
        double squares = 0;
        int worst = 0;
        for (int i = 0; i < found.length; i++) {
            double other = exact.applyAsDouble(i);
            double error = Math.abs(found[i] - other);
            if (!Double.isFinite(found[i]) || !Double.isFinite(other)) {
                if (Double.compare(found[i], other) != 0) {
                    return Optional.of("[%d] is %s, expected %s".formatted(i, found[i], other));
                }
                continue;
            }
            errors += error * error;
            squares += other * other;
            worst = error > Math.abs(found[worst] - exact.applyAsDouble(worst)) ? i : worst;
        }
        double error = errors == 0 ? 0 : Math.sqrt(errors / squares);
        return error <= LIMIT
                ? Optional.empty()
                : Optional.of("differs by %.2g; [%d] is %s, expected %s"
                        .formatted(error, worst, found[worst], exact.applyAsDouble(worst)));
    }

    private static Optional<String> described(String found, Tensor wanted) {
        return Optional.of(
                "is %s, expected %s%s".formatted(found, wanted.dtype().text(), wanted.shape()));
    }
}
