package dev.fairlead.bench.runtime;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.signature.ModelInfo;
import dev.fairlead.model.signature.ModelInfoFile;
import dev.fairlead.model.signature.Signature;
import dev.fairlead.model.signature.TensorSpec;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Four dense layers with ReLU, [1, 512] to [1, 512], as an ONNX model folder: about what one step of a small model takes. */
final class Perceptron {
    static final String INPUT = "x";
    static final String OUTPUT = "y";
    static final int WIDTH = 512;

    private static final int LAYERS = 4;

    private Perceptron() {}

    static void write(Path folder) {
        SplittableRandom random = new SplittableRandom(1);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        List<Node> nodes = new ArrayList<>();
        String at = INPUT;
        for (int layer = 0; layer < LAYERS; layer++) {
            float[] values = new float[WIDTH * WIDTH];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() / Math.sqrt(WIDTH));
            }
            String weight = "w" + layer;
            weights.put(weight, Tensor.ofFloats(List.of((long) WIDTH, (long) WIDTH), values));
            String next = layer == LAYERS - 1 ? OUTPUT : "h" + layer;
            nodes.add(node("MatMul", List.of(at, weight), "m" + layer));
            nodes.add(node("Relu", List.of("m" + layer), next));
            at = next;
        }
        List<Dim> shape = List.of(new Dim.Fixed(1), new Dim.Fixed(WIDTH));
        Graph graph = new Graph(
                "perceptron",
                List.of(Value.of(INPUT, DType.FLOAT32, shape)),
                List.of(Value.of(OUTPUT, DType.FLOAT32, shape)),
                weights,
                nodes,
                List.of());
        OnnxWriter.write(new Model(10, "fairlead-bench", "1", new TreeMap<>(Map.of("", 21L)), Map.of(), graph), folder);
        Signature signature = new Signature(
                List.of(new TensorSpec(INPUT, DType.FLOAT32, shape)),
                List.of(new TensorSpec(OUTPUT, DType.FLOAT32, shape)));
        ModelInfoFile.write(
                new ModelInfo("onnx", signature, new TreeMap<>(), Optional.empty(), Optional.empty()), folder);
    }

    private static Node node(String op, List<String> inputs, String output) {
        return new Node(output, "", op, inputs, List.of(output), new TreeMap<>(), new TreeMap<>());
    }
}
