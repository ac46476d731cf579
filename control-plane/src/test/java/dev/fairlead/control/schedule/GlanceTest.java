package dev.fairlead.control.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.control.job.JobStore.Standing;
import java.util.List;
import org.junit.jupiter.api.Test;

class GlanceTest {
    private static final Standing REST = new Standing(List.of(), false);

    @Test
    void keepsALookUntilSomethingHappens() {
        Glance glance = new Glance();
        assertThat(glance.standing()).isEmpty();

        assertThat(glance.take(() -> REST)).isEqualTo(REST);
        assertThat(glance.standing()).contains(REST);

        glance.forget();
        assertThat(glance.standing()).isEmpty();
    }

    @Test
    void keepsNothingOfALookDuringWhichSomethingHappened() {
        Glance glance = new Glance();

        Standing seen = glance.take(() -> {
            glance.forget();
            return REST;
        });

        assertThat(seen).isEqualTo(REST);
        assertThat(glance.standing()).isEmpty();
    }
}
