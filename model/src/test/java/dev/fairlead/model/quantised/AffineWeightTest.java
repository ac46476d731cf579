package dev.fairlead.model.quantised;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AffineWeightTest {
    private static final int GROUP = 32;
    private static final int GROUPS = 2;
    private static final int ROWS = 3;

    private static AffineWeight random(int bits, DType dtype) {
        Random random = new Random(bits);
        Tensor packed = Tensor.allocate(DType.UINT32, List.of((long) ROWS, (long) GROUP * GROUPS * bits / 32));
        for (long i = 0; i < packed.elements(); i++) {
            packed.set(i, (long) random.nextInt());
        }
        Tensor scales = Tensor.allocate(dtype, List.of((long) ROWS, (long) GROUPS));
        Tensor biases = Tensor.allocate(dtype, List.of((long) ROWS, (long) GROUPS));
        for (long i = 0; i < scales.elements(); i++) {
            scales.set(i, random.nextGaussian());
            biases.set(i, random.nextGaussian() * 8);
        }
        return new AffineWeight(packed, scales, biases, bits, GROUP);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8})
    void keepsTheSourcesBytes(int bits) {
        AffineWeight weight = random(bits, DType.FLOAT32);
        Tensor payload = weight.payload(Arena.ofAuto());
        assertThat(payload.data().address()).isEqualTo(weight.packed().data().address());
        assertThat(payload.shape()).containsExactly((long) ROWS, (long) GROUPS, (long) GROUP * bits / 8);
    }

    /** The stream of bits read as one large integer is the other way to say what a field is. */
    @ParameterizedTest
    @ValueSource(ints = {3, 5, 6})
    void widensEveryIntegerToAByte(int bits) {
        AffineWeight weight = random(bits, DType.FLOAT32);
        Tensor payload = weight.payload(Arena.ofAuto());
        byte[] stream = weight.packed().data().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        byte[] bigEndian = new byte[stream.length];
        for (int i = 0; i < stream.length; i++) {
            bigEndian[stream.length - 1 - i] = stream[i];
        }
        java.math.BigInteger all = new java.math.BigInteger(1, bigEndian);
        for (int i = 0; i < payload.elements(); i++) {
            int field = all.shiftRight(i * bits).intValue() & ((1 << bits) - 1);
            assertThat(payload.longAt(i)).isEqualTo(field);
        }
    }

    @ParameterizedTest
    @CsvSource({"2, FLOAT32", "4, FLOAT32", "6, FLOAT16", "8, BFLOAT16", "4, BFLOAT16"})
    void splitsBiasesWithoutRounding(int bits, DType dtype) {
        AffineWeight weight = random(bits, dtype);
        ZeroPoints zeros = ZeroPoints.of(weight, Arena.ofAuto());
        DType points = bits == 2 ? DType.UINT2 : bits == 4 ? DType.UINT4 : DType.UINT8;
        long rowPoints = zeros.packed().shape().getLast() * 8 / points.bits();
        Tensor unpacked = new Tensor(
                points, List.of((long) ROWS, rowPoints), zeros.packed().data());
        for (long i = 0; i < weight.biases().elements(); i++) {
            long zero = unpacked.longAt(i / GROUPS * rowPoints + i % GROUPS);
            double bias = zeros.residuals().doubleAt(i) - zero * weight.scales().doubleAt(i);
            assertThat(bias).isEqualTo(weight.biases().doubleAt(i));
            assertThat(zero).isBetween(0L, (1L << bits) - 1);
        }
    }

    @Test
    void findsZeroPointsThatSayAllOfTheBiases() {
        AffineWeight weight = random(4, DType.FLOAT32);
        for (long i = 0; i < weight.biases().elements(); i++) {
            weight.scales().set(i, 0.25 * (i + 1));
            weight.biases().set(i, -weight.scales().doubleAt(i) * (i + 3));
        }
        assertThat(ZeroPoints.of(weight, Arena.ofAuto()).exact()).isTrue();
        weight.biases().set(1, 0.123);
        assertThat(ZeroPoints.of(weight, Arena.ofAuto()).exact()).isFalse();
    }

    @Test
    void refusesScalesThatDoNotFit() {
        AffineWeight weight = random(4, DType.FLOAT32);
        assertThatThrownBy(() -> new AffineWeight(weight.packed(), weight.scales(), weight.biases(), 8, GROUP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scales: [3, 2] for packed [3, 8] of 8 bits in groups of 32");
    }

    @Test
    void decodesSmallFloatsOnlyWhereTheyFit() {
        Tensor packed = Tensor.allocate(DType.UINT32, List.of(1L, 4L));
        packed.set(0, 0x76543210L);
        Tensor scales = Tensor.allocate(DType.UINT8, List.of(1L, 1L));
        scales.set(0, 127L + 3);
        Microscaled weight = new Microscaled(packed, scales, DType.FLOAT4_E2M1FN, DType.FLOAT8_E8M0FNU, 32);
        Tensor decoded = weight.decoded(DType.BFLOAT16, Arena.ofAuto()).orElseThrow();
        assertThat(decoded.shape()).containsExactly(1L, 32L);
        double[] values = {0, 0.5, 1, 1.5, 2, 3, 4, 6};
        for (int i = 0; i < values.length; i++) {
            assertThat(decoded.doubleAt(i)).isEqualTo(values[i] * 8);
        }
        scales.set(0, 250L);
        assertThat(weight.decoded(DType.FLOAT16, Arena.ofAuto())).isEmpty();
    }
}
