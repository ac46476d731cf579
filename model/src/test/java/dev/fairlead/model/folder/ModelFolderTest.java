package dev.fairlead.model.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.convert.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {
    private static final Path CNN = Path.of("src/test/resources/conversion/cnn");

    @TempDir
    private Path folder;

    @Test
    void describesAnMlxModel() {
        ModelDescription description = ModelFolder.inspect(CNN);
        assertThat(description.info().signature().inputs()).hasToString("[image float32[batch, 8, 8, 1]]");
        assertThat(description.operators()).containsEntry("Convolution", 1).containsEntry("Broadcast", 3);
        assertThat(description.nodes()).isEqualTo(13);
        assertThat(description.weights()).isEqualTo(5);
        assertThat(description.weightBytes()).isEqualTo(5484);
        assertThat(description.weightTypes()).isEqualTo(Map.of("float32", 5));
    }

    @Test
    void describesAnOnnxModelUnderTheSameSignature() {
        Converter.convert(CNN, folder, Options.defaults());
        ModelDescription description = ModelFolder.inspect(folder);
        assertThat(description.info().format()).isEqualTo("onnx");
        assertThat(description.info().standIn()).hasValue(true);
        assertThat(description.info().producedBy()).containsKeys("mlx", "fairlead");
        assertThat(description.info().signature())
                .isEqualTo(ModelFolder.inspect(CNN).info().signature());
        assertThat(description.operators()).containsEntry("Conv", 1).containsEntry("Gemm", 1);
    }

    @Test
    void refusesFormatsWithoutAReader() throws IOException {
        Files.writeString(
                folder.resolve("model.json"),
                "{\"format\": \"gguf\", \"version\": 1, \"signature\": {\"inputs\": [], \"outputs\": []}}");
        assertThatThrownBy(() -> ModelFolder.inspect(folder))
                .hasMessage("model.json: format: \"gguf\" has no reader here");
        assertThatThrownBy(() -> ModelFolder.inspect(folder.resolve("none")))
                .hasMessage("model.json: file: does not exist");
    }
}
