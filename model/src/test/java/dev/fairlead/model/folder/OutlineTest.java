package dev.fairlead.model.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OutlineTest {
    private static final Path RESOURCES = Path.of("src/test/resources");

    @Test
    void outlinesEveryFormat() {
        Outline onnx = OutlineReader.read(RESOURCES.resolve("seeds/onnx/control.onnx"));
        assertThat(onnx.format()).isEqualTo("onnx");
        assertThat(onnx.inputs())
                .extracting(Outline.Port::toString)
                .contains("x float32[2]", "picture float32[1, 1, h, h]");
        assertThat(onnx.outputs()).extracting(Outline.Port::toString).contains("s sequence of float32[2]");
        assertThat(onnx.operations())
                .containsEntry("Loop", 1)
                .containsEntry("Add", 1)
                .containsEntry("Conv", 1);
        Outline gguf = OutlineReader.read(RESOURCES.resolve("gguf/types.gguf"));
        assertThat(gguf.weights()).containsEntry("Q4_K", new Outline.Amount(1, 6 * 144));
        assertThat(gguf.notes()).containsEntry("general.architecture", "llama").containsEntry("tokens", "3 of STRING");
        Outline tensors = OutlineReader.read(RESOURCES.resolve("safetensors/types.safetensors"));
        assertThat(tensors.weights()).containsEntry("float4_e2m1fn", new Outline.Amount(1, 4));
        Outline mlx = OutlineReader.read(RESOURCES.resolve("conversion/matmul"));
        assertThat(mlx.format()).isEqualTo("mlx");
        assertThat(mlx.operations()).containsKey("Matmul");
    }

    @Test
    void refusesWhatHasNoReader() {
        assertThatThrownBy(() -> OutlineReader.read(RESOURCES.resolve("junit-platform.properties")))
                .hasMessage("junit-platform.properties: file: is of no format that has a reader here");
        assertThatThrownBy(() -> OutlineReader.read(RESOURCES.resolve("none.onnx")))
                .hasMessage("none.onnx: file: does not exist");
    }

    @Test
    void alignsByTheValueThatNodesStandFor() {
        Outline left = outline(step("v1", "Matmul"), step("v2", "Softmax"), step("v3", "Abs"));
        Outline right = outline(
                step("v1", "MatMul"), step("v2", "Exp"), step("v2", "Div"), step("v3", "Abs"), step("n", "Cast"));
        assertThat(OutlineDiff.of(left, right))
                .filteredOn(line -> !line.isSame())
                .containsExactly(
                        new OutlineDiff.Line("v1", List.of("Matmul"), List.of("MatMul"), "layers.0"),
                        new OutlineDiff.Line("v2", List.of("Softmax"), List.of("Exp", "Div"), "layers.0"),
                        new OutlineDiff.Line("n", List.of(), List.of("Cast"), "layers.0"));
    }

    private static Outline.Step step(String key, String operation) {
        return new Outline.Step(key, operation, key, "layers.0");
    }

    private static Outline outline(Outline.Step... steps) {
        return new Outline("onnx", List.of(), List.of(), List.of(steps), new TreeMap<>(), new TreeMap<>());
    }

    /** y = exp(tanh(x)) with x of batch·4 float32; a cache of batch·8·past·2 grows by 3; a weight of 12 bytes. */
    @Test
    void countsWeightsActivationsAndCache() {
        Dim batch = Dim.of(Expression.symbol("batch"));
        Dim past = Dim.of(Expression.symbol("past"));
        Dim two = new Dim.Fixed(2);
        Graph graph = new Graph(
                "g",
                List.of(
                        Value.of("x", DType.FLOAT32, List.of(batch, new Dim.Fixed(4))),
                        Value.of("cache", DType.FLOAT16, List.of(batch, new Dim.Fixed(8), past, two)),
                        Value.of("fresh", DType.FLOAT16, List.of(batch, new Dim.Fixed(8), new Dim.Fixed(3), two))),
                List.of(
                        Value.of("y", DType.FLOAT32, List.of(batch, new Dim.Fixed(4))),
                        Value.of(
                                "grown",
                                DType.FLOAT16,
                                List.of(
                                        batch,
                                        new Dim.Fixed(8),
                                        Dim.of(Expression.symbol("past").plus(Expression.of(3))),
                                        two))),
                Map.of("w", Tensor.ofFloats(List.of(3L), 1, 2, 3)),
                List.of(node("Tanh", List.of("x"), "t"), node("Exp", List.of("t"), "y"), concat()),
                List.of());
        Model model = new Model(10, "", "", new TreeMap<>(Map.of("", 21L)), Map.of(), graph);
        Footprint footprint = Footprint.of(model, Map.of("batch", 5L, "past", 7L));
        long row = 5 * 4 * 4;
        long fresh = 5 * 8 * 3 * 2 * 2;
        assertThat(footprint).isEqualTo(new Footprint(12, fresh + 2 * row, 5 * 8 * 10 * 2 * 2, 0));
        assertThatThrownBy(() -> Footprint.of(model, Map.of("batch", 5L)))
                .hasMessage("graph: inputs: no size is given for past");
    }

    private static Node concat() {
        return new Node(
                "",
                "",
                "Concat",
                List.of("cache", "fresh"),
                List.of("grown"),
                new TreeMap<>(Map.of("axis", new Attribute.Int(2))),
                new TreeMap<>());
    }

    private static Node node(String op, List<String> inputs, String output) {
        return new Node("", "", op, inputs, List.of(output), new TreeMap<>(), new TreeMap<>());
    }
}
