package dev.fairlead.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Products and means below are small enough to be known by hand. */
class OnnxRuntimeTest {
    @TempDir
    private Path folder;

    /** Fused to MatMulNBits, 1.001 would be rounded to 8 bits of the row's largest number. */
    @Test
    void keepsTheOtherOperandOfAProductWithQuantisedWeights() throws IOException, OrtException {
        Tensor weights = Tensor.allocate(DType.UINT4, List.of(32L, 1L));
        for (int i = 0; i < 32; i++) {
            weights.set(i, 1L);
        }
        Tensor scales = Tensor.allocate(DType.FLOAT32, List.of(1L, 1L));
        scales.set(0, 1.0);
        Tensor x = Tensor.allocate(DType.FLOAT32, List.of(1L, 32L));
        for (int i = 0; i < 32; i++) {
            x.set(i, i == 0 ? 100.0 : 1.001);
        }
        Graph graph = new Graph(
                "product",
                List.of(value("x", DType.FLOAT32, 1, 32)),
                List.of(value("y", DType.FLOAT32, 1, 1)),
                Map.of("w", weights, "s", scales),
                List.of(
                        node(
                                "DequantizeLinear",
                                List.of("w", "s"),
                                "d",
                                Map.of("axis", new Attribute.Int(0), "block_size", new Attribute.Int(32))),
                        node("MatMul", List.of("x", "d"), "y", Map.of())),
                List.of());
        assertThat(run(graph, Map.of("x", x)).doubleAt(0)).isCloseTo(100 + 31 * 1.001, within(1e-4));
    }

    @Test
    void takesUnsignedInputs() throws IOException, OrtException {
        Tensor x = Tensor.allocate(DType.UINT32, List.of(2L));
        x.set(0, 4_000_000_000L);
        x.set(1, 7L);
        Graph graph = new Graph(
                "cast",
                List.of(value("x", DType.UINT32, 2)),
                List.of(value("y", DType.INT64, 2)),
                Map.of(),
                List.of(node("Cast", List.of("x"), "y", Map.of("to", new Attribute.Int(7)))),
                List.of());
        Tensor y = run(graph, Map.of("x", x));
        assertThat(y.longAt(0)).isEqualTo(4_000_000_000L);
        assertThat(y.longAt(1)).isEqualTo(7);
    }

    @Test
    void namesTheKernelThatIsMissing() {
        assertThat(
                        OnnxRuntime.missingKernel(
                                new OrtException(
                                        "Error code - ORT_NOT_IMPLEMENTED - message: Could not find an implementation for Elu(22) node with name 'n'")))
                .isEqualTo(Optional.of("Elu(22)"));
        assertThat(OnnxRuntime.missingKernel(new OrtException("Invalid graph"))).isEmpty();
    }

    private Tensor run(Graph graph, Map<String, Tensor> inputs) throws IOException, OrtException {
        Model model = new Model(10, "test", "", new TreeMap<>(Map.of("", 21L)), Map.of(), graph);
        OnnxWriter.write(model, folder);
        try (OnnxRuntime runtime = OnnxRuntime.open(model, folder)) {
            return Objects.requireNonNull(runtime.run(inputs).get("y"));
        }
    }

    private static Value value(String name, DType dtype, long... shape) {
        return Value.of(
                name, dtype, Arrays.stream(shape).<Dim>mapToObj(Dim.Fixed::new).toList());
    }

    private static Node node(String op, List<String> inputs, String output, Map<String, Attribute> attributes) {
        return new Node(output, "", op, inputs, List.of(output), new TreeMap<>(attributes), new TreeMap<>());
    }
}
