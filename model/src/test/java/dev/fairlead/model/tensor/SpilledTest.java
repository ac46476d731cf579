package dev.fairlead.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpilledTest {
    @Test
    void largeTensorsLieInAFileAndSmallOnesInMemory() {
        Tensor large = Tensor.spilled(DType.FLOAT32, List.of(1025L, 1024L));
        assertThat(large.data().isMapped()).isTrue();
        assertThat(large.doubleAt(0)).isZero();
        large.set(large.elements() - 1, 2.5);
        assertThat(large.doubleAt(large.elements() - 1)).isEqualTo(2.5);
        assertThat(Tensor.spilled(DType.FLOAT32, List.of(16L)).data().isMapped())
                .isFalse();
    }
}
