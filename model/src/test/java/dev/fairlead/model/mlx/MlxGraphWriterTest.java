package dev.fairlead.model.mlx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MlxGraphWriterTest {
    @TempDir
    private Path folder;

    /** The Python exporter wrote these files. */
    @ParameterizedTest
    @ValueSource(strings = {"binary", "cast", "cnn", "convolution", "edges", "encoder", "gather", "matmul", "slice"})
    void writesWhatThePythonExporterWrites(String name) throws IOException {
        Path file = Path.of("src/test/resources/conversion").resolve(name).resolve("graph.json");
        Path copy = folder.resolve("graph.json");
        MlxGraphWriter.write(MlxGraphReader.read(file), copy);
        assertThat(Files.readString(copy)).isEqualTo(Files.readString(file));
    }

    /** Right-hand sides are what {@code json.dumps} of Python 3.11 gives. */
    @ParameterizedTest
    @CsvSource({
        "0.0, 0.0",
        "-0.0, -0.0",
        "1.0, 1.0",
        "-2.5, -2.5",
        "9.999999747378752E-6, 9.999999747378752e-06",
        "1.0E-4, 0.0001",
        "0.001, 0.001",
        "123456.789, 123456.789",
        "1.0E15, 1000000000000000.0",
        "1.0E16, 1e+16",
        "-3.4028234663852886E38, -3.4028234663852886e+38",
        "4.9E-324, 5e-324"
    })
    void writesNumbersAsPython(double value, String text) {
        assertThat(JsonText.of(value)).isEqualTo(text);
    }

    @Test
    void writesStringsAsPython() {
        assertThat(JsonText.of("a\"\\\n\té\u007f😀")).isEqualTo("\"a\\\"\\\\\\n\\t\\u00e9\\u007f\\ud83d\\ude00\"");
    }
}
