package dev.fairlead.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.parity.verdict.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyFileTest {
    @Test
    void readsTheExampleOfTheDocumentation() throws IOException {
        String page = Files.readString(Path.of("../docs/concepts/parity.md"));
        int start = page.indexOf("```yaml") + "```yaml".length();
        PolicyFile file = PolicyFile.parse("policy.yaml", page.substring(start, page.indexOf("```", start)));
        assertThat(file)
                .isEqualTo(new PolicyFile(
                        new Policy(
                                false,
                                100,
                                Map.of("float16", 5e-3, "logits", 1e-4),
                                new Policy.Demand(0.01, 0.95),
                                new Policy.NoiseLimits(2, 4),
                                Set.of("WrongPrecisionContract")),
                        Optional.of(true)));
        assertThat(file.policy().requiredInputs()).isEqualTo(299);
    }

    @Test
    void takesDefaultsAndJson() {
        assertThat(PolicyFile.parse("p", "{}").policy())
                .isEqualTo(new Policy(
                        false, 1, Map.of(), new Policy.Demand(0.05, 0.95), new Policy.NoiseLimits(2, 4), Set.of()));
        assertThat(PolicyFile.parse("p", "{}").policy().requiredInputs()).isEqualTo(59);
        assertThat(PolicyFile.parse("p", "{\"claim\": {\"confidence\": 0.99}}")
                        .policy()
                        .requiredInputs())
                .isEqualTo(90);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            minimum_input: 3 | p:2: minimum_input: unknown field; known here: accept_stand_ins, allowed_findings, approval_required, claim, minimum_inputs, noise, normalised_rmse
            minimum_inputs: many | p:2: minimum_inputs: "many" is no whole number
            minimum_inputs: 0 | p:2: minimum_inputs: 0 is less than 1
            accept_stand_ins: maybe | p:2: accept_stand_ins: "maybe" is neither true nor false
            claim: {maximum_rate: 5} | p:2: claim.maximum_rate: 5.0 is not between 0 and 1
            noise: {pass: 5} | p:2: noise: 4.0 is not a finite number of pass or more
            normalised_rmse: {logits: -1} | p:2: normalised_rmse.logits: -1.0 is not a finite number of 0 or more
            allowed_findings: all | p:2: allowed_findings: must be a list
            allowed_findings: [MissingOutput] | p:2: allowed_findings[0]: "MissingOutput" is none of BeyondNoise, ElementsOutOfBound, LimitExceeded, NotExact, PrecisionTooLow, WrongPrecisionContract
            """)
    void namesFileLineAndField(String line, String problem) {
        assertThatThrownBy(() -> PolicyFile.parse("p", "# a policy\n" + line)).hasMessage(problem);
    }
}
