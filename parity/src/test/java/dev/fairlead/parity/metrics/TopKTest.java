package dev.fairlead.parity.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopKTest {
    private static final Tensor REFERENCE = Tensor.ofFloats(List.of(2L, 4L), 1, 4, 3, 2, -1, -2, -3, -4);

    @Test
    void comparesTheSetsOfTheLargest() {
        Tensor candidate = Tensor.ofFloats(List.of(2L, 4L), 1, 3, 4, 2, -1, -2, -4, -3);
        Pair pair = new Pair(REFERENCE, candidate);
        assertThat(TopK.of(pair, 1)).isEqualTo(new TopK.Agreement(2, 1));
        assertThat(TopK.of(pair, 2)).isEqualTo(new TopK.Agreement(2, 2));
        assertThat(TopK.of(pair, 3)).isEqualTo(new TopK.Agreement(2, 1));
        assertThat(TopK.of(pair, 1).share()).isEqualTo(0.5);
    }

    @Test
    void breaksTiesByTheSmallerIndex() {
        Tensor ties = Tensor.ofFloats(List.of(1L, 3L), 1, 1, 1);
        Tensor first = Tensor.ofFloats(List.of(1L, 3L), 2, 1, 1);
        assertThat(TopK.of(new Pair(ties, first), 1).agreeing()).isEqualTo(1);
        assertThat(TopK.of(new Pair(ties, first), 2).agreeing()).isEqualTo(1);
    }

    @Test
    void leavesOutRowsThatAreTooShort() {
        assertThat(TopK.of(new Pair(REFERENCE, REFERENCE), 5)).isEqualTo(new TopK.Agreement(0, 0));
        assertThatThrownBy(() -> TopK.of(new Pair(REFERENCE, REFERENCE), 0)).hasMessage("k: 0 is less than 1");
    }
}
