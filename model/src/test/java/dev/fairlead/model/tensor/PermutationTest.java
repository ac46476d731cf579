package dev.fairlead.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class PermutationTest {
    @Test
    void movesEveryElementToItsPermutedIndex() {
        long a = 2;
        long b = 3;
        long c = 4;
        Tensor source = Tensor.allocate(DType.INT64, List.of(a, b, c));
        for (long i = 0; i < source.elements(); i++) {
            source.data().set(Tensor.LONG, i * 8, i);
        }
        Tensor target = Permutation.apply(source, List.of(2, 0, 1), Arena.ofAuto());
        assertThat(target.shape()).containsExactly(c, a, b);
        for (long i = 0; i < a; i++) {
            for (long j = 0; j < b; j++) {
                for (long k = 0; k < c; k++) {
                    assertThat(target.longAt((k * a + i) * b + j)).isEqualTo((i * b + j) * c + k);
                }
            }
        }
    }

    @Test
    void returnsToTheSourceUnderTheInverse() {
        for (DType dtype : List.of(DType.BOOL, DType.BFLOAT16, DType.FLOAT32, DType.COMPLEX64)) {
            byte[] bytes = new byte[6 * dtype.bytes()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) i;
            }
            Tensor source = new Tensor(dtype, List.of(2L, 3L), MemorySegment.ofArray(bytes));
            Tensor once = Permutation.apply(source, List.of(1, 0), Arena.ofAuto());
            Tensor twice = Permutation.apply(once, List.of(1, 0), Arena.ofAuto());
            assertThat(twice.data().mismatch(source.data())).isEqualTo(-1);
        }
    }

    @Test
    void takesScalarsAndEmptyTensors() {
        assertThat(Permutation.apply(Tensor.ofFloats(List.of(), 3), List.of(), Arena.ofAuto())
                        .doubleAt(0))
                .isEqualTo(3);
        Tensor empty = Tensor.allocate(DType.INT8, List.of(0L, 3L));
        assertThat(Permutation.apply(empty, List.of(1, 0), Arena.ofAuto()).shape())
                .containsExactly(3L, 0L);
    }

    @Test
    void refusesWhatIsNoPermutation() {
        Tensor matrix = Tensor.allocate(DType.INT8, List.of(2L, 3L));
        assertThatThrownBy(() -> Permutation.apply(matrix, List.of(0, 0), Arena.ofAuto()))
                .hasMessage("axes: [0, 0] is no permutation of 2 axes");
    }
}
