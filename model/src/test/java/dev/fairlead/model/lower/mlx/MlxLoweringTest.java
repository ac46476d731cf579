package dev.fairlead.model.lower.mlx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the lowering does with a graph as a whole. What each rule computes is held against MLX by the conformance suites. */
class MlxLoweringTest {
    private static final Dim TWO = new Dim.Fixed(2);
    private static final Dim ROWS = new Dim.Symbolic(Expression.symbol("rows"));

    @TempDir
    private Path folder;

    @Test
    void keepsOnnxNamesAndBroadcastsByNodes() {
        Lowered.Graph made = made(model(
                List.of(real("x", ROWS, TWO)),
                List.of(real("y", ROWS, TWO)),
                Map.of("bias", Tensor.ofFloats(List.of(2L), 1, 2)),
                node("Add", List.of("x", "bias"), "sum"),
                node("Relu", List.of("sum"), "y")));
        assertThat(made.graph().nodes().stream().map(MlxNode::op))
                .containsExactly("Broadcast", "Add", "Broadcast", "Maximum");
        assertThat(made.graph().nodes().get(1).output().name()).isEqualTo("sum");
        assertThat(made.graph().nodes().get(1).output().shape()).hasToString("[rows, 2]");
        assertThat(made.graph().symbols()).containsExactly("rows");
        assertThat(made.weights()).containsOnlyKeys("bias", "v0");
    }

    @Test
    void dropsWhatNoOutputNeeds() {
        Lowered.Graph made = made(model(
                List.of(real("x", TWO)),
                List.of(real("y", TWO)),
                Map.of("w", Tensor.ofFloats(List.of(2L), 1, 2)),
                node("Mul", List.of("x", "w"), "unused"),
                node("Exp", List.of("x"), "y")));
        assertThat(made.graph().nodes()).hasSize(1);
        assertThat(made.weights()).isEmpty();
    }

    @Test
    void computesShapesFromSizesThatAreNotKnown() {
        Lowered.Graph made = made(model(
                List.of(real("x", ROWS, TWO), real("z", ROWS)),
                List.of(new Value("y", Optional.empty(), Optional.empty())),
                Map.of("one", Tensor.ofLongs(List.of(1L), 1), "two", Tensor.ofLongs(List.of(1L), 2)),
                node("Shape", List.of("z"), "rows"),
                node("Mul", List.of("rows", "two"), "all"),
                node("Concat", List.of("all", "one"), "shape", Map.of("axis", new Attribute.Int(0))),
                node("Reshape", List.of("x", "shape"), "y")));
        assertThat(made.graph().outputs().getFirst().value().shape()).hasToString("[2*rows, 1]");
    }

    @Test
    void knowsTheItemsOfSequencesInsideTheGraph() {
        Lowered.Graph made = made(model(
                List.of(real("x", ROWS, TWO), real("z", ROWS, TWO)),
                List.of(real("y", ROWS, TWO)),
                Map.of("last", Tensor.ofLongs(List.of(), -1)),
                node("SequenceConstruct", List.of("x", "z"), "both"),
                node("SequenceAt", List.of("both", "last"), "one"),
                node("Exp", List.of("one"), "y")));
        assertThat(made.graph().nodes().getFirst().input(0).name()).isEqualTo("z");
    }

    @Test
    void refusesASequenceAsOutput() {
        Lowered.Refused refused = refused(model(
                List.of(real("x", TWO)),
                List.of(new Value("y", Optional.empty(), Optional.empty())),
                Map.of(),
                node("SequenceConstruct", List.of("x"), "y")));
        assertThat(refused.operators()).hasToString("[output y: a sequence, and an MLX graph has tensors only]");
    }

    @Test
    void takesSlicesWithinAnAxisWhoseSizeIsNotKnown() {
        Lowered.Graph made = made(model(
                List.of(real("x", ROWS)),
                List.of(new Value("y", Optional.empty(), Optional.empty())),
                Map.of("one", Tensor.ofLongs(List.of(1L), 1), "end", Tensor.ofLongs(List.of(1L), -1)),
                node("Slice", List.of("x", "one", "end"), "y")));
        assertThat(made.graph().outputs().getFirst().value().shape()).hasToString("[rows-2]");
    }

    @Test
    void reportsEveryOperatorThatStandsInTheWay() {
        Lowered.Refused refused = refused(model(
                List.of(real("x", TWO)),
                List.of(real("y", TWO)),
                Map.of(),
                node("NonZero", List.of("x"), "places"),
                node("Frobnicate", List.of("x"), "f"),
                node("Neg", List.of("places"), "follows"),
                node("Exp", List.of("x"), "y")));
        assertThat(refused.operators().stream().map(Lowered.Operator::toString))
                .containsExactly(
                        "NonZero places: the result's size depends on data", "Frobnicate f: no rule converts it");
        assertThat(refused.undecided()).isEmpty();
    }

    @Test
    void refusesTypesThatMlxLacks() {
        Value narrow = Value.of("x", DType.FLOAT8_E5M2, List.of(TWO));
        Lowered.Refused refused =
                refused(model(List.of(narrow), List.of(narrow), Map.of(), node("Identity", List.of("x"), "y")));
        assertThat(refused.operators()).hasToString("[input x: MLX has no type float8_e5m2]");
    }

    @Test
    void namesInputsThatDecideTheGraphAndTakesThemAsConstants() {
        Model model = model(
                List.of(real("x", TWO, TWO), Value.of("shape", DType.INT64, List.of(new Dim.Fixed(1)))),
                List.of(real("y", new Dim.Fixed(4))),
                Map.of(),
                node("Reshape", List.of("x", "shape"), "y"));
        assertThat(refused(model).undecided()).containsExactly("shape");
        Options options = new Options(Map.of("shape", Tensor.ofLongs(List.of(1L), -1)));
        Lowered.Graph made = (Lowered.Graph) MlxLowering.lower(model, options);
        assertThat(made.graph().inputs()).hasSize(1);
        assertThat(made.graph().nodes().getFirst().output().shape()).hasToString("[4]");
    }

    @Test
    void refusesAModelThatStatesAnotherShapeThanItComputes() {
        Model model = model(
                List.of(real("x", TWO)),
                List.of(real("y", new Dim.Fixed(3))),
                Map.of(),
                node("Exp", List.of("x"), "y"));
        assertThatThrownBy(() -> MlxLowering.lower(model, Options.defaults()))
                .isInstanceOf(ModelException.class)
                .hasMessage("model.onnx: output \"y\": has shape [2], the model states [3]");
    }

    @Test
    void givesTheSameBytesEachTime() throws IOException {
        Model model = model(
                List.of(real("x", ROWS, TWO)),
                List.of(real("y", ROWS, TWO)),
                Map.of(),
                node("Softplus", List.of("x"), "p"),
                node("Tanh", List.of("p"), "y"));
        for (String copy : List.of("one", "other")) {
            MlxFolder.write(made(model), Map.of("fairlead", "test"), folder.resolve(copy));
        }
        for (String file : List.of("graph.json", "model.json", "weights.safetensors")) {
            assertThat(Files.readAllBytes(folder.resolve("one").resolve(file)))
                    .isEqualTo(Files.readAllBytes(folder.resolve("other").resolve(file)));
        }
    }

    private static Lowered.Graph made(Model model) {
        return (Lowered.Graph) MlxLowering.lower(model, Options.defaults());
    }

    private static Lowered.Refused refused(Model model) {
        return (Lowered.Refused) MlxLowering.lower(model, Options.defaults());
    }

    private static Model model(List<Value> inputs, List<Value> outputs, Map<String, Tensor> weights, Node... nodes) {
        Graph graph = new Graph("test", inputs, outputs, weights, List.of(nodes), List.of());
        return new Model(10, "", "", new TreeMap<>(Map.of("", 21L)), Map.of(), graph);
    }

    private static Value real(String name, Dim... shape) {
        return Value.of(name, DType.FLOAT32, List.of(shape));
    }

    private static Node node(String op, List<String> inputs, String output) {
        return node(op, inputs, output, Map.of());
    }

    private static Node node(String op, List<String> inputs, String output, Map<String, Attribute> attributes) {
        return new Node(output, "", op, inputs, List.of(output), new TreeMap<>(attributes), new TreeMap<>());
    }
}
