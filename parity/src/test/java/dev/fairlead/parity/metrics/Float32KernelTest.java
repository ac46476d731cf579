package dev.fairlead.parity.metrics;

import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectorised kernel against the scalar reference. */
class Float32KernelTest {
    private static final int BLOCK = Measurement.BLOCK;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 31, 32, 33, 63, 64, 65, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 5})
    void agreesWithTheScalarReferenceAtEverySize(int elements) {
        agrees(Samples.close(elements, 42));
    }

    @Test
    void agreesWhereTensorsAreIdentical() {
        Pair pair = Samples.close(BLOCK, 1);
        agrees(new Pair(pair.reference(), pair.reference()));
    }

    @ParameterizedTest
    @ValueSource(floats = {0x1p-149f, 0x1p-140f, 0x1p-126f, 1e-20f, 1e-6f, 1e-3f, 1f, 1e10f, 1e25f, 3e38f})
    void agreesForNoiseOfEverySize(float size) {
        SplittableRandom random = new SplittableRandom(7);
        float[] a = new float[2 * BLOCK];
        float[] b = new float[2 * BLOCK];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) random.nextGaussian();
            b[i] = (float) (a[i] + size * random.nextDouble(-1, 1));
        }
        agrees(Samples.pair(a, b));
        for (int i = 0; i < a.length; i++) {
            a[i] = Math.abs(a[i]) * size;
            b[i] = Math.abs(a[i]) * (1 + random.nextInt(3));
        }
        agrees(Samples.pair(a, b));
        agrees(Samples.pair(b, a));
    }

    @Test
    void agreesForSpecialValuesAtEveryPlace() {
        float[] special = {
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            0f,
            -0f,
            Float.MIN_VALUE,
            -Float.MIN_VALUE,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.MIN_NORMAL,
            65504f,
            0x1p24f,
            -1f,
            2f
        };
        for (int place : new int[] {0, 1, 7, 8, 31, 32, BLOCK / 2 + 3, BLOCK - 1}) {
            for (float a : special) {
                for (float b : special) {
                    agrees(changed((x, y) -> {
                        x[place] = a;
                        y[place] = b;
                    }));
                }
            }
        }
    }

    @Test
    void agreesForACandidateFarSmallerThanItsReference() {
        agrees(changed((x, y) -> {
            for (int i = 0; i < y.length; i++) {
                y[i] = x[i] * 1e-6f;
            }
        }));
        agrees(changed((x, y) -> java.util.Arrays.fill(y, 0f)));
        agrees(changed((x, y) -> java.util.Arrays.fill(x, 0f)));
        agrees(changed((x, y) -> {
            java.util.Arrays.fill(x, 0f);
            java.util.Arrays.fill(y, 0f);
        }));
    }

    /** Noise around zero flips signs; that must not cost the vectorised path its answer. */
    @Test
    void agreesForValuesOfDifferentSign() {
        agrees(changed((x, y) -> {
            for (int i = 0; i < x.length; i++) {
                x[i] *= 1e-3f;
                y[i] = x[i] + (i % 3 - 1) * 1e-3f;
            }
        }));
        agrees(changed((x, y) -> {
            for (int i = 0; i < x.length; i++) {
                y[i] = -x[i];
            }
        }));
    }

    @Test
    void findsTheRangeOfAReferenceOfOneSign() {
        agrees(changed((x, y) -> {
            for (int i = 0; i < x.length; i++) {
                x[i] = -1 - Math.abs(x[i]);
                y[i] = x[i] * 1.0001f;
            }
        }));
        agrees(changed((x, y) -> {
            for (int i = 0; i < x.length; i++) {
                x[i] = 1 + Math.abs(x[i]);
                y[i] = x[i] * 1.0001f;
            }
        }));
    }

    private static Pair changed(BiConsumer<float[], float[]> change) {
        SplittableRandom random = new SplittableRandom(3);
        float[] a = new float[BLOCK];
        float[] b = new float[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            a[i] = (float) random.nextGaussian();
            b[i] = a[i] + 1e-4f * (float) random.nextGaussian();
        }
        change.accept(a, b);
        return Samples.pair(a, b);
    }

    private static void agrees(Pair pair) {
        Agreement.holds(pair, new Float32Kernel(), Float32Block.RUN * 0x1p-24);
    }
}
