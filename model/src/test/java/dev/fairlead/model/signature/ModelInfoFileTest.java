package dev.fairlead.model.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelInfoFileTest {
    private static final String MODEL = """
            {"format": "mlx", "version": 1,
             "signature": {"inputs": [{"name": "ids", "dtype": "int32", "shape": ["batch", 3, "2*batch+1"]}],
                           "outputs": [{"name": "y", "dtype": "bfloat16", "shape": []}]},
             "produced_by": {"mlx": "0.32.4"}, "device": "cpu", "stand_in": true}
            """;

    @TempDir
    private Path folder;

    @Test
    void returnsWhatWasWritten() throws IOException {
        ModelInfo info = read(MODEL);
        assertThat(info.signature().inputs()).hasToString("[ids int32[batch, 3, 2*batch+1]]");
        ModelInfoFile.write(info, folder);
        assertThat(ModelInfoFile.read(folder)).isEqualTo(info);
        ModelInfo converted = info.convertedTo("onnx", info.signature(), "fairlead", "0.1.0");
        ModelInfoFile.write(converted, folder);
        assertThat(ModelInfoFile.read(folder)).isEqualTo(converted);
        assertThat(converted.producedBy()).hasToString("{fairlead=0.1.0, mlx=0.32.4}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"version\": 1 | \"version\": 9 | version: only version 1 can be read",
                "\"format\": \"mlx\", |  | format: is missing",
                "int32 | int33 | signature.inputs[0].dtype: no known dtype",
                "\"ids\" | \"\" | signature.inputs[0].name: is empty",
                "3, | -3, | signature.inputs[0].shape[1]: negative",
                "3, | 3.5, | signature.inputs[0].shape[1]: expected a 64-bit integer",
                "2*batch+1 | 2*batch+ | signature.inputs[0].shape[2]: no expression: stops at character 9 of \"2*batch+\"",
                "\"0.32.4\" | 3 | produced_by.mlx: expected a string",
                "true | \"yes\" | stand_in: expected true or false"
            })
    void refuses(String part, String with, String problem) {
        assertThat(MODEL).contains(part);
        String text = MODEL.replace(part, with == null ? "" : with);
        assertThatThrownBy(() -> read(text)).isInstanceOf(ModelException.class).hasMessage("model.json: " + problem);
    }

    private ModelInfo read(String text) throws IOException {
        Files.writeString(folder.resolve("model.json"), text);
        return ModelInfoFile.read(folder);
    }
}
