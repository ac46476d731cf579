package dev.fairlead.conformance.random;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.Outcome;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RandomGraphTest {
    /** Other seeds each time, beside the fixed ones of the suite {@code random-graphs}; how many, junit-platform.properties says. */
    @Property
    void interpreterAgreesWithOnnxRuntime(@ForAll long seed) {
        Outcome outcome = OnnxRuntimeCase.run(new RandomGraph(new Random(seed)));
        Assume.that(!(outcome instanceof Outcome.Unsupported));
        assertThat(outcome).isEqualTo(new Outcome.Passed());
    }
}
