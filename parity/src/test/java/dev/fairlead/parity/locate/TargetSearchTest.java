package dev.fairlead.parity.locate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.tensor.Tensor;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TargetSearchTest {
    private static final Model RIGHT = new Block().model();
    private static final Map<String, Tensor> INPUTS = Block.input("a", 1).inputs();

    static Stream<Arguments> faults() {
        return Stream.of(1, 3, 8)
                .flatMap(most -> Stream.of(
                        Arguments.of("scaled", new Block().with("scale", DivergenceTest::larger), most),
                        Arguments.of("attended", new Block().with("out", DivergenceTest::transposed), most),
                        Arguments.of("values", new Block().with("value", DivergenceTest::swapped), most),
                        Arguments.of("steps", new Block().with("steps", "Round", Map.of()), most),
                        Arguments.of(
                                "normal",
                                new Block()
                                        .with(
                                                "normal",
                                                "LayerNormalization",
                                                Map.of("epsilon", new Attribute.Real(1e-3f))),
                                most)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void namesTheOperationWithAFewTapsARun(String planted, Block faulty, int most) {
        FakeTarget target = new FakeTarget(faulty.model(), Set.of());
        OnTarget found = search(most).search(target, INPUTS);
        assertThat(found.first()).isEqualTo(planted);
        assertThat(found.error()).isGreaterThan(5e-6);
        assertThat(found.culprit().orElseThrow().operation().value()).isEqualTo(planted);
        assertThat(found.runs()).isEqualTo(target.runs().size());
        assertThat(found.notes()).contains("taps left the outputs equal bit by bit");
    }

    @Test
    void saysThatItTookPrefixes() {
        FakeTarget target =
                new FakeTarget(new Block().with("scale", DivergenceTest::larger).model(), Set.of("scaled", "scores"));
        OnTarget found = search(4).search(target, INPUTS);
        assertThat(found.culprit().orElseThrow().operation().value()).isEqualTo("scaled");
        assertThat(found.notes()).anyMatch(note -> note.startsWith("taps changed the outputs"));
        assertThat(target.runs()).contains("prefix [scaled]").doesNotContain("prefix [raised]");
    }

    @Test
    void findsNothingOnARightTarget() {
        OnTarget found = search(4).search(new FakeTarget(RIGHT, Set.of()), INPUTS);
        assertThat(found.culprit()).isEmpty();
        assertThat(found.first()).isEmpty();
        assertThat(found.notes()).containsExactly("no output is beyond the limit of 5.0e-06");
    }

    @Test
    void findsTheSettingThatMakesTheFaultVanish() {
        Model faulty = new Block()
                .with("weighting", "Softmax", Map.of("axis", new Attribute.Int(1)))
                .model();
        Target.Opener opener =
                settings -> new FakeTarget("all".equals(settings.get("optimisation")) ? faulty : RIGHT, Set.of());
        TargetSearch search = search(4);
        SettingSearch settings = new SettingSearch(
                Map.of("optimisation", "all", "tf32", "1", "threads", "2"),
                Map.of("optimisation", "none", "tf32", "0", "threads", "1"),
                tried -> {
                    try (Target target = opener.open(tried)) {
                        return search.agrees(target, INPUTS);
                    }
                });
        assertThat(settings.smallest()).contains(new TreeMap<>(Map.of("optimisation", "none")));
    }

    private static TargetSearch search(int most) {
        return new TargetSearch(RIGHT, Provenance.NONE, Contract.FLOAT32, 5e-6, most);
    }
}
