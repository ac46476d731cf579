package dev.fairlead.agent.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.locate.Replay;
import dev.fairlead.parity.locate.Replayed;
import dev.fairlead.parity.locate.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A layer in float16, where ONNX Runtime computes most operations in float32 and leaves out casts between them, and where the error of the
 * whole is within what float16 allows whatever is planted.
 */
class HalfPrecisionTargetTest {
    private static final int ROWS = 6;
    private static final int WIDTH = 8;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "none, 1, -1, ''",
        "tanh, 1, -1, active",
        "none, 1.01, -1, scaled",
        "none, 1, 0, weighting",
    })
    void namesWhatTheMachineComputesOtherwise(String gelu, double scale, long axis, String planted) throws IOException {
        Model right = model("none", 1, -1);
        write(model(gelu, scale, axis));
        for (String level : List.of("all", "none")) {
            Map<String, String> settings = Map.of(OnnxTarget.OPTIMISATION, level);
            try (Target target = OnnxTarget.opener(folder).open(settings)) {
                for (long seed = 1; seed <= 5; seed++) {
                    List<Replayed> wrong = new Replay(right, Provenance.NONE, OnnxTarget.contract(settings))
                            .all(target, Map.of("x", normal(new SplittableRandom(seed), 1, ROWS, WIDTH))).stream()
                                    .filter(one -> one.verdict() == Replayed.Verdict.WRONG)
                                    .toList();
                    assertThat(wrong)
                            .extracting(one -> one.operation().value())
                            .as(
                                    "%s, seed %d: %s",
                                    level,
                                    seed,
                                    wrong.stream().map(Replayed::sentence).toList())
                            .containsExactlyElementsOf(planted.isEmpty() ? List.of() : List.of(planted));
                }
            }
        }
    }

    private void write(Model model) throws IOException {
        OnnxWriter.write(model, folder);
        Files.writeString(folder.resolve("model.json"), """
                {"format": "onnx", "version": 1, "signature": {
                  "inputs": [{"name": "x", "dtype": "float16", "shape": [6, 8]}],
                  "outputs": [{"name": "y", "dtype": "float16", "shape": [6, 8]}]}}
                """);
    }

    private static Model model(String gelu, double scale, long axis) {
        SplittableRandom random = new SplittableRandom(3);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        for (String name : List.of("query", "key", "out", "up")) {
            weights.put(name, normal(random, 0.4, WIDTH, WIDTH));
        }
        weights.put("scale", Tensor.scalar(DType.FLOAT16, 0.5 * scale));
        List<Node> nodes = new ArrayList<>();
        nodes.add(node("MatMul", "queries", Map.of(), "x", "query"));
        nodes.add(node("MatMul", "keys", Map.of(), "x", "key"));
        nodes.add(node("Transpose", "turned", Map.of("perm", new Attribute.Ints(List.of(1L, 0L))), "keys"));
        nodes.add(node("MatMul", "scores", Map.of(), "queries", "turned"));
        nodes.add(node("Mul", "scaled", Map.of(), "scores", "scale"));
        nodes.add(node("Softmax", "weighting", Map.of("axis", new Attribute.Int(axis)), "scaled"));
        nodes.add(node("MatMul", "context", Map.of(), "weighting", "x"));
        nodes.add(node("MatMul", "attended", Map.of(), "context", "out"));
        nodes.add(node("Add", "residual", Map.of(), "x", "attended"));
        nodes.add(node("MatMul", "raised", Map.of(), "residual", "up"));
        nodes.add(node("Gelu", "active", Map.of("approximate", new Attribute.Text(gelu)), "raised"));
        nodes.add(node("Add", "y", Map.of(), "residual", "active"));
        List<Dim> shape = List.of(new Dim.Fixed(ROWS), new Dim.Fixed(WIDTH));
        Graph graph = new Graph(
                "half",
                List.of(Value.of("x", DType.FLOAT16, shape)),
                List.of(Value.of("y", DType.FLOAT16, shape)),
                weights,
                nodes,
                List.of());
        return new Model(10, "", "", new TreeMap<>(Map.of("", 21L)), Map.of(), graph);
    }

    private static Node node(String op, String output, Map<String, Attribute> attributes, String... inputs) {
        return new Node(output, "", op, List.of(inputs), List.of(output), new TreeMap<>(attributes), new TreeMap<>());
    }

    private static Tensor normal(SplittableRandom random, double deviation, long rows, long columns) {
        Tensor tensor = Tensor.allocate(DType.FLOAT16, List.of(rows, columns));
        for (long i = 0; i < tensor.elements(); i++) {
            tensor.set(i, random.nextGaussian() * deviation);
        }
        return tensor;
    }
}
