package dev.fairlead.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorTest {
    @Test
    void refusesDataOfAnotherSizeThanTheShape() {
        assertThatThrownBy(() -> new Tensor(DType.FLOAT32, List.of(2L, 3L), MemorySegment.ofArray(new byte[20])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("data: 20 bytes, but float32[2, 3] takes 24");
    }

    @Test
    void countsElementsWithoutOverflowingSilently() {
        assertThat(Tensor.elements(List.of())).isEqualTo(1);
        assertThat(Tensor.elements(List.of(3L, 0L))).isZero();
        assertThatThrownBy(() -> Tensor.elements(List.of(1L << 40, 1L << 40))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Tensor.elements(List.of(0L, 1L << 40, 1L << 40)))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void readsEveryTypeAsDouble() {
        Tensor unsigned = new Tensor(DType.UINT64, List.of(1L), bytes(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF));
        assertThat(unsigned.doubleAt(0)).isEqualTo(0x1p64);
        assertThat(new Tensor(DType.UINT8, List.of(1L), bytes(0xFE)).doubleAt(0))
                .isEqualTo(254);
        assertThat(new Tensor(DType.INT16, List.of(1L), bytes(0xFE, 0xFF)).doubleAt(0))
                .isEqualTo(-2);
        assertThat(new Tensor(DType.FLOAT16, List.of(1L), bytes(0x00, 0x3E)).doubleAt(0))
                .isEqualTo(1.5);
        assertThat(new Tensor(DType.BFLOAT16, List.of(1L), bytes(0xC0, 0xBF)).doubleAt(0))
                .isEqualTo(-1.5);
        assertThat(Tensor.ofFloats(List.of(2L), 1, 0.1f).doubleAt(1)).isEqualTo(0.1f);
    }

    @Test
    void roundsToBfloat16HalfToEven() {
        assertThat(BFloat16.fromFloat(Float.intBitsToFloat(0x3F80_8000))).isEqualTo((short) 0x3F80);
        assertThat(BFloat16.fromFloat(Float.intBitsToFloat(0x3F81_8000))).isEqualTo((short) 0x3F82);
        assertThat(BFloat16.fromFloat(Float.intBitsToFloat(0x3F80_8001))).isEqualTo((short) 0x3F81);
        assertThat(BFloat16.toFloat(BFloat16.fromFloat(Float.MAX_VALUE))).isInfinite();
        assertThat(BFloat16.toFloat(BFloat16.fromFloat(Float.intBitsToFloat(0x7F80_0001))))
                .isNaN();
        for (int bits = 0; bits < 0x7F80; bits++) {
            assertThat(BFloat16.fromFloat(BFloat16.toFloat((short) bits))).isEqualTo((short) bits);
        }
    }

    @Test
    void roundsDoublesTo16BitsOnce() {
        // By way of float32 these would be ties, and go to the even neighbour.
        assertThat(stored(DType.FLOAT16, 1 + 0x1p-11 + 0x1p-40)).isEqualTo(1 + 0x1p-10);
        assertThat(stored(DType.FLOAT16, 1 + 0x1p-11)).isEqualTo(1);
        assertThat(stored(DType.FLOAT16, -1 - 0x3p-11 + 0x1p-40)).isEqualTo(-1 - 0x1p-10);
        assertThat(stored(DType.BFLOAT16, 1 + 0x1p-8 + 0x1p-40)).isEqualTo(1 + 0x1p-7);
        assertThat(stored(DType.BFLOAT16, 1e300)).isInfinite();
        assertThat(stored(DType.FLOAT16, 65519.999999999)).isEqualTo(65504);
        assertThat(stored(DType.FLOAT16, -1e-320)).isEqualTo(-0.0);
        assertThat(stored(DType.FLOAT16, Double.NaN)).isNaN();
    }

    private static double stored(DType dtype, double value) {
        return Tensor.scalar(dtype, value).doubleAt(0);
    }

    private static MemorySegment bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return MemorySegment.ofArray(bytes);
    }
}
