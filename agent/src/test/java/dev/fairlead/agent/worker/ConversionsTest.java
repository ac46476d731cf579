package dev.fairlead.agent.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.model.signature.ModelInfoFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversionsTest {
    private static final Path MODELS = Path.of("../model/src/test/resources/conversion");

    @TempDir
    private Path folder;

    private Path output = Path.of("");

    /** An agent makes the folders of a job's outputs before its worker starts. */
    @BeforeEach
    void makesTheOutput() throws IOException {
        output = Files.createDirectories(folder.resolve("outputs/model"));
    }

    @ParameterizedTest
    @CsvSource({"onnx, model.onnx", "mlx, graph.json", "coreml, model.mlpackage/Manifest.json"})
    void convertsToEveryFormatWithTheSameOptionsAsTheCommand(String format, String file) {
        var outcome = Conversions.run(task(Map.of("target_format", format, "sizes", "{\"n\": 2, \"m\": 4}")));

        assertThat(outcome).isInstanceOf(Conversions.Outcome.Done.class);
        assertThat(output.resolve(file)).exists();
        assertThat(ModelInfoFile.read(output).signature().inputs().getFirst()).hasToString("x float32[2, 4, 16]");
        assertThat(outcome.result().path("nodes").asInt()).isPositive();
        assertThat(outcome.result().path("losses").isArray()).isTrue();
        assertThat(outcome.result().path("notes").isArray()).isTrue();
    }

    @Test
    void convertsAMlxModelToOnnxWhereNothingIsSaid() {
        var outcome = Conversions.run(task(Map.of()));

        assertThat(outcome.result().path("unsupported")).isEmpty();
        assertThat(output.resolve("model.onnx")).exists();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "target_format | tflite | settings.target_format: want onnx, mlx or coreml, got 'tflite'",
                "opset | 12 | settings.opset: want 13 to 23, got '12'",
                "precision | fp16 | settings.precision: is for the target format coreml only",
            })
    void namesTheSettingThatIsWrong(String name, String value, String message) {
        assertThatThrownBy(() -> Conversions.run(task(Map.of(name, value))))
                .isInstanceOf(AgentFailure.class)
                .hasMessageContaining(message);
        assertThat(output).isEmptyDirectory();
    }

    private Task task(Map<String, String> settings) {
        return new Task(
                folder,
                "convert",
                settings,
                Map.of("model", MODELS.resolve("fused")),
                Map.of(),
                Map.of("model", output),
                "cpu",
                "test");
    }
}
