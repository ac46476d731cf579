package dev.fairlead.parity.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every figure against NumPy, SciPy and statsmodels, from {@code src/test/python/language.py}. */
class LanguageOracleTest {
    @TestFactory
    List<DynamicTest> agreesWithScipy() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (InputStream file = Objects.requireNonNull(LanguageOracleTest.class.getResourceAsStream("oracle.json"))) {
            for (JsonNode oracle : new JsonMapper().readTree(file).get("cases")) {
                tests.add(DynamicTest.dynamicTest(oracle.get("name").asText(), () -> agrees(oracle)));
            }
        }
        assertThat(tests).hasSize(6);
        return tests;
    }

    private static void agrees(JsonNode oracle) {
        List<Long> logits = new ArrayList<>();
        oracle.get("shape").forEach(size -> logits.add(size.asLong()));
        List<Long> positions = logits.subList(0, 2);
        LanguageCheck check = new LanguageCheck(LanguageLimits.of("float32").orElseThrow());
        check.add(new TeacherForced(
                tensor(oracle, "reference", DType.FLOAT32, logits),
                tensor(oracle, "candidate", DType.FLOAT32, logits),
                tensor(oracle, "tokens", DType.INT64, positions),
                oracle.get("mask").asText().isEmpty() ? null : tensor(oracle, "mask", DType.BOOL, positions),
                oracle.get("tau").asDouble()));
        LanguageFigures found = check.verdict().figures();
        JsonNode wanted = oracle.get("figures");
        assertThat(found.prompts()).isEqualTo(wanted.get("prompts").asLong());
        assertThat(found.positions()).isEqualTo(wanted.get("positions").asLong());
        assertThat(found.undefined()).isZero();
        assertThat(found.flips()).isEqualTo(wanted.get("flips").asLong());
        assertThat(found.significantFlips())
                .isEqualTo(wanted.get("significant_flips").asLong());
        assertThat(found.predictions()).isEqualTo(wanted.get("predictions").asLong());
        assertThat(found.divergedPrompts()).isEqualTo(wanted.get("diverged").asLong());
        long earliest = wanted.get("earliest").asLong();
        assertThat(found.earliestDivergence())
                .isEqualTo(earliest < 0 ? OptionalLong.empty() : OptionalLong.of(earliest));
        close(found.meanKl(), wanted, "mean_kl");
        close(found.highKl(), wanted, "high_kl");
        close(found.maxKl(), wanted, "max_kl");
        close(found.referencePerplexity(), wanted, "reference_perplexity");
        close(found.candidatePerplexity(), wanted, "candidate_perplexity");
        close(found.deltaLogPerplexity(), wanted, "delta");
        close(found.standardError(), wanted, "error");
        close(found.equivalence(), wanted, "equivalence");
    }

    /** Log-probabilities have 53 bits, and the smallest divergences and differences here are of numbers 1e-7 apart. */
    private static void close(double found, JsonNode wanted, String field) {
        assertThat(found).as(field).isCloseTo(wanted.get(field).asDouble(), withinPercentage(1e-4));
    }

    private static Tensor tensor(JsonNode oracle, String field, DType dtype, List<Long> shape) {
        byte[] bytes = HexFormat.of().parseHex(oracle.get(field).asText());
        return new Tensor(dtype, shape, MemorySegment.ofArray(bytes));
    }
}
