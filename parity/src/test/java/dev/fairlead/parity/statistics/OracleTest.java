package dev.fairlead.parity.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fairlead.parity.statistics.SequentialTest.Decision;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against SciPy and statsmodels, from {@code src/test/python/inference.py}. */
class OracleTest {
    private static JsonNode oracle = JsonMapper.builder().build().createObjectNode();

    @BeforeAll
    static void readsTheOracle() throws IOException {
        try (InputStream file = Objects.requireNonNull(OracleTest.class.getResourceAsStream("oracle.json"))) {
            oracle = new JsonMapper().readTree(file);
        }
    }

    @Test
    void correctsAsStatsmodels() {
        for (JsonNode one : oracle.get("holm")) {
            List<Double> corrected = Holm.corrected(numbers(one.get("p")));
            List<Double> wanted = numbers(one.get("corrected"));
            assertThat(corrected).hasSameSizeAs(wanted);
            for (int i = 0; i < wanted.size(); i++) {
                assertThat(corrected.get(i)).isEqualTo(wanted.get(i), within(1e-15));
            }
        }
    }

    @Test
    void acceptsAndRejectsWhereTheLikelihoodsSay() {
        for (JsonNode one : oracle.get("sequential")) {
            List<Double> p = numbers(one.get("parameters"));
            SequentialTest test = new SequentialTest(p.get(0), p.get(1), p.get(2), p.get(3));
            int inputs = one.get("inputs").asInt();
            for (int failures = 0; failures <= inputs; failures++) {
                Decision wanted = failures <= one.get("accept").asInt()
                        ? Decision.ACCEPT
                        : failures >= one.get("reject").asInt() ? Decision.REJECT : Decision.CONTINUE;
                assertThat(test.decide(inputs, failures))
                        .as("%s: %d of %d", test, failures, inputs)
                        .isEqualTo(wanted);
            }
        }
    }

    @Test
    void needsAsManyInputsAsTheExactLimit() {
        assertThat(oracle.get("sizes")).hasSize(48);
        for (JsonNode one : oracle.get("sizes")) {
            int found = SampleSize.of(
                    one.get("rate").asDouble(),
                    one.get("confidence").asDouble(),
                    one.get("failures").asInt());
            assertThat(found).as(one.toString()).isEqualTo(one.get("inputs").asInt());
        }
    }

    @Test
    void estimatesAndTestsClustersAsARegressionOnAConstant() {
        for (JsonNode one : oracle.get("clustered")) {
            List<ClusteredMean.Cluster> clusters = new ArrayList<>();
            for (JsonNode group : one.get("groups")) {
                double sum = numbers(group).stream().mapToDouble(value -> value).sum();
                clusters.add(new ClusteredMean.Cluster(group.size(), sum));
            }
            ClusteredMean found = ClusteredMean.of(clusters);
            assertThat(found.clusters()).isEqualTo(one.get("groups").size());
            assertThat(found.mean()).isCloseTo(one.get("mean").asDouble(), within(1e-12));
            assertThat(found.standardError()).isCloseTo(one.get("error").asDouble(), withinPercentage(1e-8));
            double p = Equivalence.pValue(found, one.get("margin").asDouble());
            assertThat(p).isCloseTo(one.get("p").asDouble(), within(1e-10));
        }
    }

    private static List<Double> numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asDouble)
                .toList();
    }
}
