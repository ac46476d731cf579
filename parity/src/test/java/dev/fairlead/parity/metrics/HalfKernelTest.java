package dev.fairlead.parity.metrics;

import dev.fairlead.model.tensor.DType;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernel of both 16-bit types against the scalar reference. */
class HalfKernelTest {
    private static final int BLOCK = Measurement.BLOCK;

    @ParameterizedTest
    @CsvSource({
        "FLOAT16, 0", "FLOAT16, 4095", "FLOAT16, 4096", "FLOAT16, 4097", "FLOAT16, 12293",
        "BFLOAT16, 0", "BFLOAT16, 4095", "BFLOAT16, 4096", "BFLOAT16, 4097", "BFLOAT16, 12293"
    })
    void agreesWithTheScalarReferenceAtEverySize(DType dtype, int elements) {
        agrees(Halves.close(dtype, elements, 42));
    }

    /** Every number against itself, its neighbour, its negative, and one of a fixed size, in blocks of mixed and of like exponents. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void agreesForEveryNumber(DType dtype) {
        for (int step : new int[] {1, 4099}) {
            int all = 1 << 16;
            agrees(Halves.pair(dtype, all, i -> i * step, i -> i * step));
            agrees(Halves.pair(dtype, all, i -> i * step, i -> i * step + 1));
            agrees(Halves.pair(dtype, all, i -> i * step, i -> i * step ^ 0x8000));
            agrees(Halves.pair(dtype, all, i -> i * step, i -> 0x3C00));
            agrees(Halves.pair(dtype, all, i -> 0xBC00, i -> i * step));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void agreesForPairsOfFiniteNumbersOfAnySizeAndSign(DType dtype) {
        int infinity = HalfFormat.of(dtype).infinity();
        for (int top : new int[] {3, 0x400, 0x2000, infinity}) {
            SplittableRandom random = new SplittableRandom(top);
            agrees(Halves.pair(
                    dtype,
                    4 * BLOCK,
                    _ -> random.nextInt(top) | random.nextInt(2) << 15,
                    _ -> random.nextInt(top) | random.nextInt(2) << 15));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void agreesForSpecialValuesAtEveryPlace(DType dtype) {
        int infinity = HalfFormat.of(dtype).infinity();
        int[] special = {0, 0x8000, 1, 0x8001, infinity - 1, infinity, infinity | 0x8000, infinity + 1, 0xFFFF, 0x3C00};
        for (int place : new int[] {0, 1, 31, 32, BLOCK / 2 + 3, BLOCK - 1}) {
            for (int a : special) {
                for (int b : special) {
                    agrees(Halves.pair(
                            dtype,
                            BLOCK,
                            i -> i == place ? a : 0x3800 + i % 99,
                            i -> i == place ? b : 0x3801 + i % 99));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void agreesForACandidateFarSmallerThanItsReference(DType dtype) {
        agrees(Halves.pair(dtype, BLOCK, i -> 0x5800 + i % 512, i -> 0x1000 + i % 512));
        agrees(Halves.pair(dtype, BLOCK, i -> 0x5800 + i % 512, _ -> 0));
        agrees(Halves.pair(dtype, BLOCK, _ -> 0, i -> 0x5800 + i % 512));
        agrees(Halves.pair(dtype, BLOCK, _ -> 0, _ -> 0x8000));
    }

    private static void agrees(Pair pair) {
        Kernel kernel = new HalfKernel(HalfFormat.of(pair.precision()));
        Agreement.holds(pair, kernel, Float32Block.RUN * 0x1p-24);
    }
}
