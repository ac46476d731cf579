package dev.fairlead.conformance.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.Outcome;
import dev.fairlead.parity.verdict.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A part of {@code fairlead parity selftest}, which takes longer: each fault at one precision, in turn. */
class GateTest {
    private static final int RANDOM = 5;

    @Test
    void hasEveryFaultOfTheDesign() {
        assertThat(Corpus.faults().stream().map(Fault::number).distinct().sorted())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 29).boxed().toList());
    }

    @TestFactory
    Stream<DynamicTest> findsAndNamesEachFault() {
        return chosen(true)
                .map(trial -> DynamicTest.dynamicTest(trial.name(), () -> {
                    Outcome outcome = trial.outcome(report -> report.verdict() == Verdict.FAILED
                            ? trial.naming(report)
                            : new Outcome.Failed(report.sentence()));
                    assertThat(outcome).isEqualTo(new Outcome.Passed());
                }));
    }

    @TestFactory
    Stream<DynamicTest> passesEachCleanTwin() {
        return Stream.concat(chosen(false), Corpus.random(RANDOM).stream())
                .map(trial -> DynamicTest.dynamicTest(
                        trial.name(), () -> assertThat(trial.outcome()).isNotInstanceOf(Outcome.Failed.class)));
    }

    /** Each fault, or its twin, at one of its precisions, another one for the next. */
    private static Stream<Trial> chosen(boolean isFault) {
        Map<String, List<Trial>> byFault = new LinkedHashMap<>();
        Corpus.seeded().stream()
                .filter(trial -> trial.isFault() == isFault)
                .forEach(trial -> byFault.computeIfAbsent(
                                trial.name().substring(0, trial.name().lastIndexOf('/')), _ -> new ArrayList<>())
                        .add(trial));
        List<List<Trial>> all = List.copyOf(byFault.values());
        return IntStream.range(0, all.size())
                .mapToObj(i -> all.get(i).get(i % all.get(i).size()));
    }
}
