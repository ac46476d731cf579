package dev.fairlead.conformance.random;

import dev.fairlead.conformance.Outcome;
import dev.fairlead.conformance.Suite;
import dev.fairlead.conformance.Tools;
import dev.fairlead.conformance.replay.Mlx;
import dev.fairlead.conformance.replay.Specialised;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Graphs from fixed seeds: the interpreter against ONNX Runtime, and what MLX computes of the lowered graph against the interpreter.
 * Every value of a graph is compared, not only the last.
 */
public final class RandomGraphsSuite implements Suite {
    private static final int GRAPHS = 300;

    private final Tools tools;

    public RandomGraphsSuite(Tools tools) {
        this.tools = tools;
    }

    @Override
    public String name() {
        return "random-graphs";
    }

    @Override
    public void run(Predicate<String> selected, Report report) throws IOException {
        try (Mlx mlx = new Mlx(tools)) {
            for (int seed = 1; seed <= GRAPHS; seed++) {
                RandomGraph graph = new RandomGraph(new Random(seed));
                if (selected.test("onnxruntime/" + seed)) {
                    report.add("onnxruntime/" + seed, OnnxRuntimeCase.run(graph));
                }
                if (selected.test("mlx/" + seed)) {
                    report.add("mlx/" + seed, byMlx(graph, mlx));
                }
            }
        }
    }

    @SuppressWarnings("CatchingUnchecked") // a process boundary: whatever a case throws is its outcome
    private static Outcome byMlx(RandomGraph graph, Mlx mlx) {
        try {
            Map<String, Content> inputs = new LinkedHashMap<>();
            graph.inputs().forEach((name, tensor) -> inputs.put(name, new Content.Dense(tensor)));
            return switch (mlx.run(Specialised.of(graph.model(), inputs).graph(), inputs)) {
                case Mlx.Answer.Problem(String text) -> new Outcome.Failed("MLX: " + text);
                case Mlx.Answer.Outputs(Map<String, Content> values) -> {
                    Map<String, Tensor> found = new TreeMap<>();
                    values.forEach((name, content) -> {
                        if (content instanceof Content.Dense(Tensor tensor)) {
                            found.put(name, tensor);
                        }
                    });
                    yield OnnxRuntimeCase.compared(graph, Interpreted.outputs(graph), found);
                }
            };
        } catch (Exception | StackOverflowError e) {
            return Outcome.of(e);
        }
    }
}
