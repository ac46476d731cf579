package dev.fairlead.model.lower.mlx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.interpret.Kernels;
import dev.fairlead.model.lower.coreml.CoremlLowering;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CoverageTest {
    /** What is converted must be judged. */
    @Test
    void theInterpreterHasAllThatIsLowered() {
        TreeSet<String> missing = new TreeSet<>(Rules.operators());
        missing.addAll(CoremlLowering.operators());
        missing.removeAll(Kernels.operators());
        assertThat(missing).isEmpty();
    }
}
