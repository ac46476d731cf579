package dev.fairlead.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The narrow floating types held to ml_dtypes; {@code make_onnx_fixtures.py} writes down what that gives. */
class MiniFloatTest {
    private static List<String[]> lines(String kind) throws IOException {
        var stream = Objects.requireNonNull(MiniFloatTest.class.getResourceAsStream("/onnx/narrow.csv"));
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .map(line -> line.split(",", -1))
                    .filter(cells -> cells[0].equals(kind))
                    .toList();
        }
    }

    private static double number(String text) {
        return switch (text) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    @Test
    void readsEveryCodeOfEveryType() throws IOException {
        List<String[]> codes = lines("code");
        assertThat(codes).hasSize(5 * 256 + 2 * 64 + 16);
        for (String[] cells : codes) {
            MiniFloat type = MiniFloat.of(DType.parse(cells[1]).orElseThrow());
            assertThat(type.toDouble(Integer.parseInt(cells[2])))
                    .as("%s %s", cells[1], cells[2])
                    .isEqualTo(Double.valueOf(number(cells[3])));
        }
    }

    @Test
    void givesEveryNumberItsOwnCode() throws IOException {
        for (String[] cells : lines("code")) {
            double value = number(cells[3]);
            MiniFloat type = MiniFloat.of(DType.parse(cells[1]).orElseThrow());
            if (Double.isNaN(value)) {
                assertThat(type.toDouble(type.nearest(value))).as(cells[1]).isNaN();
            } else {
                assertThat(type.nearest(value)).as("%s %s", cells[1], value).isEqualTo(Integer.parseInt(cells[2]));
            }
        }
    }

    @Test
    void roundsToTheNearestWithTiesToEven() throws IOException {
        List<String[]> numbers = lines("round");
        assertThat(numbers).hasSizeGreaterThan(2000);
        for (String[] cells : numbers) {
            MiniFloat type = MiniFloat.of(DType.parse(cells[1]).orElseThrow());
            assertThat(type.nearest(number(cells[3])))
                    .as("%s of %s", cells[1], cells[3])
                    .isEqualTo(Integer.parseInt(cells[2]));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "FLOAT8_E4M3FN, 1e9, 448",
        "FLOAT8_E4M3FN, -Infinity, -448",
        "FLOAT8_E4M3FNUZ, 1e9, 240",
        "FLOAT8_E5M2, 1e9, Infinity",
        "FLOAT8_E5M2FNUZ, 1e9, 57344",
        "FLOAT4_E2M1FN, -7, -6",
        "FLOAT4_E2M1FN, NaN, -0.0",
        "FLOAT6_E3M2FN, 100, 28",
        "FLOAT8_E8M0FNU, 0, 5.877471754111438E-39",
        "FLOAT8_E8M0FNU, -2, NaN"
    })
    void takesTheNearestItHasForWhatIsOutsideItsRange(DType dtype, double value, double expected) {
        MiniFloat type = MiniFloat.of(dtype);
        assertThat(type.toDouble(type.nearest(value))).isEqualTo(Double.valueOf(expected));
    }
}
