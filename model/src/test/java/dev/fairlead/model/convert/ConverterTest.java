package dev.fairlead.model.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.tensor.Segments;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConverterTest {
    private static final Path FIXTURES = Path.of("src/test/resources/conversion");

    @TempDir
    private Path folder;

    /** The tolerance is on |a − b| / (1 + |b|): a few float32 roundings in the functions that have any. */
    @ParameterizedTest
    @CsvSource({
        "unary, 1e-6",
        "edges, 1e-6",
        "binary, 1e-6",
        "reduce, 1e-6",
        "shape, 0",
        "slice, 0",
        "gather, 0",
        "cast, 0",
        "matmul, 1e-6",
        "convolution, 1e-6",
        "cnn, 1e-6",
        "encoder, 1e-6"
    })
    void computesInOnnxRuntimeWhatMlxComputed(String fixture, double tolerance) throws OrtException {
        assertThat(convert(fixture, "onnx")).isInstanceOf(Conversion.Converted.class);
        try (Safetensors cases = Safetensors.open(FIXTURES.resolve(fixture).resolve("cases.safetensors"));
                OnnxFile model = OnnxFile.open(folder.resolve("onnx/model.onnx"));
                OnnxRuntimeSession session = new OnnxRuntimeSession(folder.resolve("onnx/model.onnx"))) {
            Set<String> inputNames = new HashSet<>();
            model.model().graph().inputs().forEach(input -> inputNames.add(input.name()));
            Map<String, Map<String, Tensor>> byCase = new TreeMap<>();
            cases.tensors()
                    .forEach((name, tensor) -> byCase.computeIfAbsent(name.substring(0, 6), key -> new TreeMap<>())
                            .put(name.substring(7), tensor));
            for (Map.Entry<String, Map<String, Tensor>> entry : byCase.entrySet()) {
                Map<String, Tensor> inputs = new TreeMap<>(entry.getValue());
                inputs.keySet().retainAll(inputNames);
                Map<String, Tensor> outputs = session.run(inputs);
                Map<String, Tensor> expected = new TreeMap<>(entry.getValue());
                expected.keySet().removeAll(inputNames);
                assertThat(outputs.keySet()).isEqualTo(expected.keySet());
                expected.forEach((name, tensor) -> assertClose(
                        entry.getKey() + "/" + name, Objects.requireNonNull(outputs.get(name)), tensor, tolerance));
            }
        }
    }

    private static void assertClose(String name, Tensor found, Tensor expected, double tolerance) {
        assertThat(found.dtype()).as(name).isEqualTo(expected.dtype());
        assertThat(found.shape()).as(name).isEqualTo(expected.shape());
        for (long i = 0; i < expected.elements(); i++) {
            double a = found.doubleAt(i);
            double b = expected.doubleAt(i);
            boolean same =
                    a == b || (Double.isNaN(a) && Double.isNaN(b)) || Math.abs(a - b) <= tolerance * (1 + Math.abs(b));
            assertThat(same).as("%s[%d]: %s, MLX has %s", name, i, a, b).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder", "convolution"})
    void givesTheSameBytesForTheSameInput(String fixture) throws IOException {
        convert(fixture, "first");
        convert(fixture, "second");
        for (String file : new String[] {"model.json", "model.onnx", "model.onnx.data", "provenance.json"}) {
            assertThat(folder.resolve("second").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("first").resolve(file));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder", "convolution", "reduce"})
    void readsBackEveryByteThatItWrites(String fixture) throws IOException {
        convert(fixture, "onnx");
        Path again = Files.createDirectory(folder.resolve("again"));
        try (OnnxFile file = OnnxFile.open(folder.resolve("onnx/model.onnx"))) {
            OnnxWriter.write(file.model(), again);
        }
        assertThat(again.resolve("model.onnx")).hasSameBinaryContentAs(folder.resolve("onnx/model.onnx"));
        if (Files.exists(folder.resolve("onnx/model.onnx.data"))) {
            assertThat(again.resolve("model.onnx.data")).hasSameBinaryContentAs(folder.resolve("onnx/model.onnx.data"));
        }
    }

    @Test
    void recordsWhereEveryValueAndWeightComesFrom() throws IOException {
        convert("encoder", "onnx");
        JsonNode provenance =
                new JsonMapper().readTree(folder.resolve("onnx/provenance.json").toFile());
        Set<String> recorded = new HashSet<>();
        provenance.get("values").forEach(value -> {
            recorded.add(value.get("value").textValue());
            assertThat(value.get("origin").get("file").textValue()).isEqualTo("encoder.py");
            assertThat(value.get("origin").get("line").intValue()).isPositive();
            assertThat(value.get("rule_version").intValue()).isPositive();
        });
        try (OnnxFile file = OnnxFile.open(folder.resolve("onnx/model.onnx"));
                Safetensors source = Safetensors.open(FIXTURES.resolve("encoder/weights.safetensors"))) {
            file.model().graph().nodes().forEach(node -> {
                assertThat(recorded).containsAll(node.outputs());
                assertThat(node.metadata()).containsKeys("fairlead.file", "fairlead.line", "fairlead.primitive");
            });
            Map<String, Tensor> initializers = file.model().graph().initializers();
            JsonNode weights = provenance.get("weights");
            assertThat(weights).hasSizeGreaterThan(30);
            weights.forEach(weight -> {
                Tensor original = source.tensor(weight.get("source").textValue());
                assertThat(weight.get("sha256").textValue()).isEqualTo(Segments.sha256(original.data()));
                assertThat(weight.get("transforms")).isEmpty();
                Tensor written = Objects.requireNonNull(
                        initializers.get(weight.get("initializer").textValue()));
                assertThat(written.data().mismatch(original.data())).isEqualTo(-1);
            });
        }
    }

    @Test
    void recordsHowAConvolutionsWeightWasPermuted() throws IOException {
        convert("cnn", "onnx");
        JsonNode provenance =
                new JsonMapper().readTree(folder.resolve("onnx/provenance.json").toFile());
        JsonNode weight = provenance.get("weights").get(0);
        assertThat(weight.get("source").textValue()).isEqualTo("first.weight");
        assertThat(weight.get("transforms").toString()).isEqualTo("[{\"permute\":[0,3,1,2]}]");
    }

    @Test
    void namesEveryUnsupportedOperationWithItsLine() throws IOException {
        Path source = copy("cnn");
        Path graph = source.resolve("graph.json");
        Files.writeString(
                graph,
                Files.readString(graph)
                        .replaceFirst("\"Add\"", "\"FFT\"")
                        .replaceFirst("\"Maximum\"", "\"Hadamard\"")
                        .replaceFirst("\\[1, 1], 1, false]", "[1, 2], 1, false]"));
        Conversion result = Converter.convert(source, folder.resolve("onnx"), Options.defaults());
        assertThat(((Conversion.Unsupported) result).operations())
                .extracting(UnsupportedOperation::toString)
                .containsExactly(
                        "Convolution at prototypes.py:37 (first): a dilated input (transposed convolution) cannot be"
                                + " converted yet",
                        "FFT at prototypes.py:37 (first): no rule converts it",
                        "Hadamard at prototypes.py:37: no rule converts it");
        assertThat(folder.resolve("onnx")).doesNotExist();
    }

    @Test
    void refusesWeightsOfAnotherShapeThanTheGraphs() throws IOException {
        Path source = copy("cnn");
        Path graph = source.resolve("graph.json");
        Files.writeString(
                graph,
                Files.readString(graph)
                        .replace(
                                "\"name\": \"first.bias\", \"dtype\": \"float32\", \"shape\": [8]",
                                "\"name\": \"first.bias\", \"dtype\": \"float32\", \"shape\": [9]"));
        assertThatThrownBy(() -> Converter.convert(source, folder.resolve("onnx"), Options.defaults()))
                .isInstanceOf(ModelException.class)
                .hasMessage("weights.safetensors: \"first.bias\": is float32[8], but graph.json says float32[9]");
    }

    @Test
    void refusesASignatureThatIsNotTheGraphs() throws IOException {
        Path source = copy("cnn");
        Path info = source.resolve("model.json");
        Files.writeString(info, Files.readString(info).replace("\"output\"", "\"scores\""));
        assertThatThrownBy(() -> Converter.convert(source, folder.resolve("onnx"), Options.defaults()))
                .hasMessage("model.json: signature.outputs: is [scores float32[batch, 10]], but graph.json says"
                        + " [output float32[batch, 10]]");
    }

    private Conversion convert(String fixture, String to) {
        return Converter.convert(FIXTURES.resolve(fixture), folder.resolve(to), Options.defaults());
    }

    private Path copy(String fixture) throws IOException {
        Path target = Files.createDirectory(folder.resolve("source"));
        for (String file : new String[] {"model.json", "graph.json", "weights.safetensors"}) {
            Files.copy(FIXTURES.resolve(fixture).resolve(file), target.resolve(file));
        }
        return target;
    }
}
