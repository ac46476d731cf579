package dev.fairlead.parity.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fairlead.model.tensor.DType;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every metric of every type against NumPy, from {@code src/test/python/oracle.py}. Counts and extrema are exact; means
 * within RUN · 2^-24, where the vectorised kernel adds runs in float32; quantiles between the true one and twice it.
 */
class NumpyOracleTest {
    private static final double FLOAT_SUMS = Float32Block.RUN * 0x1p-24;
    private static final double SUMS = 1e-12;

    @TestFactory
    List<DynamicTest> agreesWithNumpy() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (InputStream file = Objects.requireNonNull(NumpyOracleTest.class.getResourceAsStream("oracle.json"))) {
            for (JsonNode oracle : new JsonMapper().readTree(file).get("cases")) {
                tests.add(DynamicTest.dynamicTest(oracle.get("name").asText(), () -> agrees(oracle)));
            }
        }
        assertThat(tests).hasSizeGreaterThan(15);
        return tests;
    }

    private static void agrees(JsonNode oracle) {
        DType dtype = DType.parse(oracle.get("dtype").asText()).orElseThrow();
        Pair pair = new Pair(
                Samples.bytes(
                        dtype, HexFormat.of().parseHex(oracle.get("reference").asText())),
                Samples.bytes(
                        dtype, HexFormat.of().parseHex(oracle.get("candidate").asText())));
        JsonNode wanted = oracle.get("metrics");
        Statistics found = Measurement.of(pair);
        double sums = dtype == DType.FLOAT32 ? FLOAT_SUMS : SUMS;
        assertThat(found.masked).isEqualTo(wanted.get("masked").asLong());
        assertThat(found.maskMismatches())
                .isEqualTo(wanted.get("mask_mismatches").asLong());
        assertThat(found.maxUlp()).isEqualTo(wanted.get("max_ulp").asLong());
        List<Long> histogram = new ArrayList<>();
        wanted.get("ulp_histogram").forEach(count -> histogram.add(count.asLong()));
        assertThat(found.ulpHistogram()).isEqualTo(histogram);
        assertThat(found.maxAbsolute()).isEqualTo(wanted.get("max_absolute").asDouble());
        close(found.maxRelative(), wanted, "max_relative", 0x1p-24);
        close(found.meanAbsolute(), wanted, "mean_absolute", FLOAT_SUMS);
        close(found.meanRelative(), wanted, "mean_relative", FLOAT_SUMS);
        close(found.rmse(), wanted, "rmse", sums);
        close(found.normalisedRmse(), wanted, "normalised_rmse", sums);
        close(found.cosine(), wanted, "cosine", sums);
        close(found.snrDb(), wanted, "snr_db", sums);
        close(found.psnrDb(), wanted, "psnr_db", sums);
        double p99 = wanted.get("absolute_p99").asDouble();
        assertThat(found.absoluteQuantile(0.99)).isBetween(p99, 2 * p99);
        double p50 = wanted.get("relative_p50").asDouble();
        assertThat(found.relativeQuantile(0.5)).isBetween(p50 * (1 - 0x1p-24), Math.max(2 * p50, Float.MIN_NORMAL));
    }

    private static void close(double found, JsonNode wanted, String field, double relative) {
        double value = wanted.get(field).asDouble();
        assertThat(found).as(field).isEqualTo(value, within(Math.abs(value) * relative));
    }
}
