package dev.fairlead.parity.check;

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
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.verdict.Policy;
import dev.fairlead.parity.verdict.Report;
import dev.fairlead.parity.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversionCheckTest {
    private static final int ROWS = 11;
    private static final int WIDTH = 4;

    @TempDir
    private Path folder;

    @Test
    void passesTheSameFunctionSaidOtherwise() throws IOException {
        Report report = check(model(1e-5f, "none", false), model(1e-5f, "none", true));
        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(report.inputs()).isEqualTo(59);
        assertThat(report.notes().getFirst()).contains("judges the conversion");
        assertThat(folder.resolve("reference/outputs.safetensors")).isRegularFile();
    }

    @Test
    void failsAnotherEpsilon() throws IOException {
        Report report = check(model(1e-5f, "none", false), model(1e-6f, "none", false));
        assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(report.sentence()).contains("output `y` differs");
    }

    @Test
    void failsAnApproximateGelu() throws IOException {
        assertThat(check(model(1e-5f, "none", false), model(1e-5f, "tanh", false))
                        .verdict())
                .isEqualTo(Verdict.FAILED);
    }

    @Test
    void refusesACandidateWithOtherOutputs() {
        Model source = model(1e-5f, "none", false);
        Graph graph = source.graph();
        List<Value> twice = List.of(graph.outputs().getFirst(), graph.outputs().getFirst());
        Model other = source.withGraph(
                new Graph(graph.name(), graph.inputs(), twice, graph.initializers(), graph.nodes(), graph.values()));
        assertThatThrownBy(() -> check(source, other))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("candidate: outputs: has 2, the source has 1");
    }

    @Test
    void refusesAnOutputThatItCannotCompare() {
        Model model = model(1e-5f, "none", false);
        Graph graph = model.graph();
        List<Node> nodes = new ArrayList<>(graph.nodes());
        nodes.add(node("SequenceConstruct", List.of("y"), "list", Map.of()));
        Model other = model.withGraph(new Graph(
                graph.name(),
                graph.inputs(),
                List.of(graph.outputs().getFirst(), new Value("list", Optional.empty(), Optional.empty())),
                graph.initializers(),
                nodes,
                graph.values()));
        assertThatThrownBy(() -> check(other, other))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("list")
                .hasMessageContaining("is no dense tensor");
    }

    @Test
    void makesTheSameInputsAgainAndWithinTheTable() {
        Model model = model(1e-5f, "none", false);
        NavigableMap<String, Map<String, Tensor>> cases = GeneratedInputs.of(model, 30, 5);
        assertThat(cases.values().stream()
                        .map(inputs -> tokens(inputs).shape().getFirst())
                        .distinct())
                .containsExactlyInAnyOrder(2L, 1L, 8L, 9L, 16L, 17L);
        long largest = -1;
        for (Map<String, Tensor> inputs : cases.values()) {
            Tensor tokens = tokens(inputs);
            for (long i = 0; i < tokens.elements(); i++) {
                assertThat(tokens.longAt(i)).isBetween(0L, ROWS - 1L);
                largest = Math.max(largest, tokens.longAt(i));
            }
        }
        assertThat(largest).isEqualTo(ROWS - 1);
        NavigableMap<String, Map<String, Tensor>> again = GeneratedInputs.of(model, 30, 5);
        cases.forEach((name, inputs) -> inputs.forEach((input, tensor) -> {
            Tensor same = Objects.requireNonNull(
                    Objects.requireNonNull(again.get(name)).get(input));
            assertThat(same.shape()).isEqualTo(tensor.shape());
            assertThat(same.data().mismatch(tensor.data())).isEqualTo(-1);
        }));
    }

    private static Tensor tokens(Map<String, Tensor> inputs) {
        return Objects.requireNonNull(inputs.get("tokens"));
    }

    private Report check(Model source, Model candidate) throws IOException {
        return ConversionCheck.run(
                source,
                candidate,
                GeneratedInputs.of(source, Policy.DEFAULT_MINIMUM_INPUTS, 1),
                Policy.strict(),
                folder,
                (_, _) -> {});
    }

    /** Rows of a table plus x, normalised, through GELU; in the other form the sum is taken the other way round. */
    private static Model model(float epsilon, String gelu, boolean isOther) {
        SplittableRandom random = new SplittableRandom(1);
        Tensor table = Tensor.allocate(DType.FLOAT32, List.of((long) ROWS, (long) WIDTH));
        for (long i = 0; i < table.elements(); i++) {
            table.set(i, random.nextGaussian() * 0.01);
        }
        Tensor scale = Tensor.ofFloats(List.of((long) WIDTH), 1, 2, 3, 4);
        Dim length = Dim.of(Expression.symbol("length"));
        List<Node> nodes = new ArrayList<>();
        nodes.add(node("Gather", List.of("table", "tokens"), "rows", Map.of()));
        nodes.add(node("Add", isOther ? List.of("x", "rows") : List.of("rows", "x"), "sum", Map.of()));
        nodes.add(node(
                "LayerNormalization",
                List.of("sum", "scale"),
                "normal",
                Map.of("epsilon", new Attribute.Real(epsilon))));
        nodes.add(node("Gelu", List.of("normal"), "y", Map.of("approximate", new Attribute.Text(gelu))));
        Map<String, Tensor> weights = new LinkedHashMap<>();
        weights.put("table", table);
        weights.put("scale", scale);
        Graph graph = new Graph(
                "g",
                List.of(
                        Value.of("tokens", DType.INT64, List.of(length)),
                        Value.of("x", DType.FLOAT32, List.of(length, new Dim.Fixed(WIDTH)))),
                List.of(Value.of("y", DType.FLOAT32, List.of(length, new Dim.Fixed(WIDTH)))),
                weights,
                nodes,
                List.of());
        return new Model(10, "", "", new TreeMap<>(Map.of("", 21L)), Map.of(), graph);
    }

    private static Node node(String op, List<String> inputs, String output, Map<String, Attribute> attributes) {
        return new Node(output, "", op, inputs, List.of(output), new TreeMap<>(attributes), new TreeMap<>());
    }
}
