package dev.fairlead.parity.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
    @Test
    void takesTheOutputsLimitBeforeThePrecisions() {
        Policy policy = new Policy(true, 1, Map.of("logits", 1e-3, "float32", 1e-4));
        assertThat(policy.limit("logits", "float32")).isEqualTo(1e-3);
        assertThat(policy.limit("hidden", "float32")).isEqualTo(1e-4);
    }

    @ParameterizedTest
    @CsvSource({
        "float32, 5e-6",
        "tf32, 4e-3",
        "float16, 5e-3",
        "bfloat16, 4e-2",
        "float64, 1e-12",
        "int64, 0",
        "bool, 0"
    })
    void hasALimitForEveryPrecision(String precision, double limit) {
        assertThat(Policy.strict().limit("y", precision)).isEqualTo(limit);
    }

    @Test
    void namesTheFieldAndTheValueThatIsWrong() {
        assertThatThrownBy(() -> new Policy(false, 0, Map.of())).hasMessage("minimum_inputs: 0 is less than 1");
        assertThatThrownBy(() -> new Policy(false, 1, Map.of("y", -1.0)))
                .hasMessage("normalised_rmse.y: -1.0 is not a finite number of 0 or more");
        assertThatThrownBy(() -> ReportJson.policy("policy", "{\"minimum_inputs\": -2}"))
                .hasMessage("policy: minimum_inputs: -2 is less than 1");
    }

    @Test
    void readsWhatAJobsSettingsSay() {
        Policy policy = ReportJson.policy(
                "policy",
                "{\"accept_stand_ins\": true, \"minimum_inputs\": 5, \"normalised_rmse\": {\"logits\": 1e-5}}");
        assertThat(policy).isEqualTo(new Policy(true, 5, Map.of("logits", 1e-5)));
        assertThat(ReportJson.policy("policy", ReportJson.write(policy))).isEqualTo(policy);
    }

    /** The counts of inputs that the parity design names. */
    @ParameterizedTest
    @CsvSource({
        "59, 0.05, 0.95",
        "90, 0.05, 0.99",
        "299, 0.01, 0.95",
        "459, 0.01, 0.99",
        "2995, 0.001, 0.95",
        "4603, 0.001, 0.99"
    })
    void asksForTheInputsThatShowItsClaim(int inputs, double rate, double confidence) {
        Policy.Demand claim = new Policy.Demand(rate, confidence);
        assertThat(claim.inputs()).isEqualTo(inputs);
        assertThat(new Policy(true, 5000, Map.of(), claim, Policy.NoiseLimits.DEFAULT, Set.of()).requiredInputs())
                .isEqualTo(5000);
    }

    /** The counts of inputs that the parity design names. */
    @ParameterizedTest
    @CsvSource({"59, 0.05", "299, 0.01", "2995, 0.001"})
    void claimsTheRateThatSoManyCleanInputsBound(int inputs, double rate) {
        assertThat(Claim.of(inputs, 0).maximumRate()).isLessThanOrEqualTo(rate);
        assertThat(Claim.of(inputs - 1, 0).maximumRate()).isGreaterThan(rate);
        assertThat(Math.pow(1 - Claim.of(inputs, 0).maximumRate(), inputs)).isEqualTo(0.05, within(1e-12));
    }

    /** {@code scipy.stats.beta.ppf(confidence, failures + 1, inputs - failures)} of SciPy 1.17.1. */
    @ParameterizedTest
    @CsvSource({
        "59, 0, 0.95, 0.04950760988822693",
        "90, 0, 0.99, 0.04988149268185628",
        "459, 0, 0.99, 0.00998288736612908",
        "4603, 0, 0.99, 0.0009999711673583898",
        "299, 1, 0.95, 0.015766783127611372",
        "100, 3, 0.95, 0.07571079374983004",
        "1000, 10, 0.99, 0.02004260590087893",
        "5, 4, 0.9, 0.9791483623609768",
    })
    void claimsTheExactRateAfterFailuresToo(int inputs, int failures, double confidence, double rate) {
        assertThat(Claim.of(inputs, failures, confidence).maximumRate()).isCloseTo(rate, within(1e-10));
    }

    @Test
    void saysWhatItClaims() {
        assertThat(Claim.of(20, 20).maximumRate()).isEqualTo(1);
        assertThat(Claim.of(0, 0).maximumRate()).isEqualTo(1);
        assertThat(Claim.of(0, 0).sentence()).isEqualTo("no inputs; nothing is claimed");
        assertThat(Claim.of(299, 0).sentence())
                .isEqualTo("at most 1.0 % of inputs out of bound (95 % confidence, 0 of 299 failed)");
        assertThat(Claim.of(299, 1).sentence())
                .isEqualTo("at most 1.6 % of inputs out of bound (95 % confidence, 1 of 299 failed)");
    }
}
