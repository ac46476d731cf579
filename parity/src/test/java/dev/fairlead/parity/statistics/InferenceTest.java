package dev.fairlead.parity.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.parity.statistics.SequentialTest.Decision;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InferenceTest {
    /** The sizes that the parity design names. */
    @ParameterizedTest
    @CsvSource({
        "0.05, 0.95, 59",
        "0.05, 0.99, 90",
        "0.01, 0.95, 299",
        "0.01, 0.99, 459",
        "0.001, 0.95, 2995",
        "0.001, 0.99, 4603"
    })
    void needsTheSizesOfTheDesign(double rate, double confidence, int inputs) {
        assertThat(SampleSize.of(rate, confidence)).isEqualTo(inputs);
    }

    @Test
    void acceptsAfter326CleanInputs() {
        SequentialTest test = SequentialTest.standard();
        assertThat(test.cleanInputs()).isEqualTo(326);
        assertThat(test.decide(325, 0)).isEqualTo(Decision.CONTINUE);
        assertThat(test.decide(326, 0)).isEqualTo(Decision.ACCEPT);
        assertThat(test.decide(0, 0)).isEqualTo(Decision.CONTINUE);
    }

    /** Wald's bounds: no more than alpha / (1 - beta) of good and beta / (1 - alpha) of bad ones are taken for the other. */
    @Test
    void isRarelyWrongAtEitherRate() {
        SequentialTest test = new SequentialTest(0.02, 0.1, 0.05, 0.1);
        int runs = 4000;
        assertThat(share(test, 0.02, Decision.REJECT, runs)).isLessThan(0.05 / 0.9 + 0.01);
        assertThat(share(test, 0.1, Decision.ACCEPT, runs)).isLessThan(0.1 / 0.95 + 0.015);
    }

    private static double share(SequentialTest test, double rate, Decision decision, int runs) {
        SplittableRandom random = new SplittableRandom(9);
        int count = 0;
        for (int run = 0; run < runs; run++) {
            int inputs = 0;
            int failures = 0;
            while (test.decide(inputs, failures) == Decision.CONTINUE) {
                inputs++;
                failures += random.nextDouble() < rate ? 1 : 0;
            }
            count += test.decide(inputs, failures) == decision ? 1 : 0;
        }
        return (double) count / runs;
    }

    @Test
    void saysNothingOfErrorsWithOneCluster() {
        ClusteredMean one = ClusteredMean.of(List.of(new ClusteredMean.Cluster(4, 2)));
        assertThat(one.mean()).isEqualTo(0.5);
        assertThat(one.standardError()).isNaN();
        assertThat(Equivalence.pValue(one, 1)).isNaN();
    }

    @Test
    void isSureWhereNothingVaries() {
        ClusteredMean.Cluster zero = new ClusteredMean.Cluster(3, 0);
        assertThat(Equivalence.pValue(ClusteredMean.of(List.of(zero, zero)), 0.001))
                .isZero();
        ClusteredMean.Cluster three = new ClusteredMean.Cluster(3, 3);
        assertThat(Equivalence.pValue(ClusteredMean.of(List.of(three, three)), 0.001))
                .isEqualTo(1);
    }

    @Test
    void refusesWhatIsNoProbability() {
        assertThatThrownBy(() -> Holm.corrected(List.of(0.1, 1.5))).hasMessage("pValues[1]: 1.5 is not from 0 to 1");
        assertThatThrownBy(() -> SampleSize.of(0, 0.95)).hasMessage("rate: 0.0 is not between 0 and 1");
        assertThatThrownBy(() -> new SequentialTest(0.1, 0.1, 0.05, 0.05))
                .hasMessage("acceptable: 0.1 is not below 0.1");
        assertThatThrownBy(() -> SequentialTest.standard().decide(3, 4)).hasMessage("failures: 4 of 3 inputs");
        assertThat(Holm.corrected(List.of())).isEmpty();
    }
}
