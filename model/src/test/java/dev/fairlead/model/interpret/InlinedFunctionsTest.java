package dev.fairlead.model.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.tensor.DType;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model's own functions give what ONNX Runtime gives for them; {@code make_onnx_fixtures.py} writes it down. */
class InlinedFunctionsTest {
    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(InlinedFunctionsTest.class.getResource("/onnx/" + name))
                .toURI());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void computesWhatOnnxRuntimeDoes(boolean up) throws IOException, URISyntaxException {
        JsonNode expected =
                new JsonMapper().readTree(resource("functions.json").toFile()).path(Boolean.toString(up));
        try (OnnxFile file = OnnxFile.open(resource("functions.onnx"))) {
            Map<String, Datum> found = new Interpreter(file.model())
                    .run(Map.of(
                            "x",
                            Datum.of(new Array.Reals(DType.FLOAT32, new int[] {2}, new double[] {1, -2})),
                            "up",
                            Datum.of(Array.scalar(DType.BOOL, up ? 1L : 0L))));
            List<String> names = List.of("second", "half", "copy");
            assertThat(found.keySet()).containsExactlyElementsOf(names);
            for (int i = 0; i < names.size(); i++) {
                double[] values = {
                    expected.path(i).path(0).asDouble(),
                    expected.path(i).path(1).asDouble()
                };
                assertThat(found.get(names.get(i)))
                        .isInstanceOfSatisfying(
                                Datum.Dense.class,
                                dense -> assertThat(((Array.Reals) dense.array()).values())
                                        .containsExactly(values));
            }
        }
    }
}
