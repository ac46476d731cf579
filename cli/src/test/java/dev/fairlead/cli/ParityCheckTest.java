package dev.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.safetensors.SafetensorsWriter;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ParityCheckTest {
    private static final String CNN =
            Path.of("../model/src/test/resources/conversion/cnn").toString();

    @TempDir
    Path folder;

    private final Cli cli = new Cli();

    @Test
    void passesWhatWasConverted() throws IOException {
        String coreml = folder.resolve("m.mlpackage").toString();
        assertThat(cli.run("model", "convert", CNN, coreml)).isZero();
        Cli json = new Cli();
        assertThat(json.run("parity", "check", CNN, coreml, "-o", "json")).isZero();
        var report = new ObjectMapper().readTree(json.out());
        assertThat(report.path("verdict").asText()).isEqualTo("PASSED");
        assertThat(report.path("inputs").asInt()).isEqualTo(59);
        assertThat(report.path("policy").path("minimum_inputs").asInt()).isEqualTo(59);
    }

    @Test
    void failsAChangedWeightAndKeepsTheOutputs() throws IOException {
        String onnx = folder.resolve("onnx").toString();
        assertThat(cli.run("model", "convert", CNN, onnx)).isZero();
        Path other = Files.createDirectory(folder.resolve("other"));
        Converter.read(Path.of(onnx), model -> {
            Graph graph = model.graph();
            Map<String, Tensor> weights = new HashMap<>(graph.initializers());
            weights.replaceAll((name, tensor) -> name.equals(largest(weights)) ? scaled(tensor) : tensor);
            OnnxWriter.write(
                    model.withGraph(new Graph(
                            graph.name(), graph.inputs(), graph.outputs(), weights, graph.nodes(), graph.values())),
                    other);
            return other;
        });
        Files.copy(folder.resolve("onnx/provenance.json"), other.resolve("provenance.json"));
        String saved = folder.resolve("saved").toString();
        assertThat(cli.run("parity", "check", CNN, other.toString(), "--save", saved))
                .isEqualTo(1);
        // The largest weight is that of the linear layer, which prototypes.py calls in this line.
        assertThat(cli.out())
                .contains("FAILED: output ")
                .contains("culprit: Gemm `output` (rule AddMM version 1, prototype prototypes.py:38 (head))")
                .contains("is the source times 1.010; used by Gemm `output`")
                .contains("worst operations");
        assertThat(cli.run("parity", "recheck", saved + "/reference", saved + "/candidate", "--nrmse", "float64=1"))
                .isZero();
    }

    @Test
    void isInconclusiveWithFewInputs() {
        Path suite = folder.resolve("suite");
        suite.toFile().mkdir();
        String input = Converter.read(
                Path.of(CNN), model -> model.graph().inputs().getFirst().name());
        Tensor image = Converter.read(
                Path.of(CNN),
                model -> Tensor.allocate(
                        model.graph().inputs().getFirst().dtype().orElseThrow(),
                        model.graph().inputs().getFirst().shape().orElseThrow().stream()
                                .map(dim -> dim instanceof Dim.Fixed(long size) ? size : 2L)
                                .toList()));
        SafetensorsWriter.write(suite.resolve("golden.safetensors"), Map.of("000000/" + input, image), Map.of());
        assertThat(cli.run("parity", "check", CNN, CNN, "--inputs", suite.toString()))
                .isEqualTo(2);
        assertThat(cli.out()).contains("INCONCLUSIVE: 1 inputs were compared, the policy asks for 59");
    }

    @Test
    void endsWithAnErrorWhereNothingCanBeCompared() {
        assertThat(cli.run("parity", "check", CNN, folder.resolve("none").toString()))
                .isEqualTo(3);
        assertThat(cli.err()).contains("error: none: file: does not exist");
        assertThat(cli.run("parity", "check", CNN, CNN, "--inputs", folder.toString()))
                .isEqualTo(3);
        assertThat(cli.err()).contains("golden.safetensors");
        String policy = folder.resolve("policy.yaml").toString();
        assertThat(cli.run("parity", "check", CNN, CNN, "--policy", policy)).isEqualTo(3);
        assertThat(cli.err()).contains("policy.yaml: cannot be read");
    }

    private static String largest(Map<String, Tensor> weights) {
        return weights.entrySet().stream()
                .filter(entry -> entry.getValue().dtype().isFloating())
                .max(Comparator.comparingLong(entry -> entry.getValue().elements()))
                .orElseThrow()
                .getKey();
    }

    private static Tensor scaled(Tensor tensor) {
        Tensor scaled = Tensor.allocate(tensor.dtype(), List.copyOf(tensor.shape()));
        for (long i = 0; i < tensor.elements(); i++) {
            scaled.set(i, tensor.doubleAt(i) * 1.01);
        }
        return scaled;
    }
}
