package dev.fairlead.parity.metrics;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel of float64 against the scalar reference. */
class Float64KernelTest {
    private static final int BLOCK = Measurement.BLOCK;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 5})
    void agreesWithTheScalarReferenceAtEverySize(int elements) {
        SplittableRandom random = new SplittableRandom(elements);
        double[] values = random.doubles(elements, -5, 5).toArray();
        agrees(pair(elements, i -> values[i], i -> values[i] * (1 + 1e-15 * (i % 7))));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.MIN_VALUE, 1e-310, 1e-200, 1e-140, 1e-20, 1, 1e20, 1e140, 1e160, 1e300})
    void agreesForNumbersAndNoiseOfEverySize(double size) {
        SplittableRandom random = new SplittableRandom(7);
        double[] values = random.doubles(2 * BLOCK, -1, 1).toArray();
        double[] noise = random.doubles(2 * BLOCK, -size, size).toArray();
        agrees(pair(2 * BLOCK, i -> values[i], i -> values[i] + noise[i]));
        agrees(pair(2 * BLOCK, i -> noise[i], i -> noise[i] * (1 + i % 3)));
        agrees(pair(2 * BLOCK, i -> values[i], i -> noise[i]));
    }

    @Test
    void agreesForSpecialValuesAtEveryPlace() {
        double[] special = {
            Double.NaN,
            Double.longBitsToDouble(-1),
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            0,
            -0.0,
            Double.MIN_VALUE,
            -Double.MIN_VALUE,
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            -3,
            3
        };
        for (int place : new int[] {0, 1, 7, 8, BLOCK / 2 + 3, BLOCK - 1}) {
            for (double a : special) {
                for (double b : special) {
                    agrees(pair(BLOCK, i -> i == place ? a : 1.0 / (i + 1), i -> i == place ? b : 1.001 / (i + 1)));
                }
            }
        }
    }

    @Test
    void agreesForValuesOfDifferentSign() {
        agrees(pair(BLOCK, i -> i % 9 - 4, i -> 4 - i % 9));
        agrees(pair(BLOCK, i -> i % 9 * 1e-3, i -> -(i % 9) * 1e-3));
        agrees(pair(BLOCK, _ -> 0.0, _ -> -0.0));
    }

    private static Pair pair(int elements, IntToDoubleFunction reference, IntToDoubleFunction candidate) {
        Tensor a = Tensor.allocate(DType.FLOAT64, List.of((long) elements));
        Tensor b = Tensor.allocate(DType.FLOAT64, List.of((long) elements));
        for (int i = 0; i < elements; i++) {
            a.set(i, reference.applyAsDouble(i));
            b.set(i, candidate.applyAsDouble(i));
        }
        return new Pair(a, b);
    }

    private static void agrees(Pair pair) {
        Agreement.holds(pair, new Float64Kernel(), 1e-14);
    }
}
