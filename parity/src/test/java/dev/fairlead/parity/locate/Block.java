package dev.fairlead.parity.locate;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * One block of a transformer with two heads, x of float32 [n, 8] to y of [n, 8], with a floor before its end; any node or weight can be
 * replaced by a faulty one.
 */
final class Block {
    static final int WIDTH = 8;

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Tensor> weights = new LinkedHashMap<>();

    private final DType dtype;

    Block() {
        this(DType.FLOAT32);
    }

    /** @param dtype of all numbers that are no sizes */
    Block(DType dtype) {
        this.dtype = dtype;
        SplittableRandom random = new SplittableRandom(3);
        for (String name : List.of("query", "key", "value", "out", "up", "down")) {
            weights.put(name, normal(dtype, random, 0.4, WIDTH, WIDTH));
        }
        weights.put("gamma", normal(dtype, random, 1, WIDTH));
        weights.put("scale", Tensor.scalar(dtype, 0.5));
        weights.put("heads", Tensor.ofLongs(List.of(3L), 0, 2, WIDTH / 2));
        weights.put("flat", Tensor.ofLongs(List.of(2L), 0, WIDTH));
        weights.put("third", Tensor.scalar(dtype, 3));
        add("LayerNormalization", "normal", Map.of("epsilon", new Attribute.Real(1e-5f)), "x", "gamma");
        for (String part : List.of("query", "key", "value")) {
            add("MatMul", part + "s", Map.of(), "normal", part);
            add("Reshape", part + "_split", Map.of(), part + "s", "heads");
            List<Long> axes = part.equals("key") ? List.of(1L, 2L, 0L) : List.of(1L, 0L, 2L);
            add("Transpose", part + "_heads", Map.of("perm", new Attribute.Ints(axes)), part + "_split");
        }
        add("MatMul", "scores", Map.of(), "query_heads", "key_heads");
        add("Mul", "scaled", Map.of(), "scores", "scale");
        add("Softmax", "weighting", Map.of("axis", new Attribute.Int(-1)), "scaled");
        add("MatMul", "context", Map.of(), "weighting", "value_heads");
        add("Transpose", "joined", Map.of("perm", new Attribute.Ints(List.of(1L, 0L, 2L))), "context");
        add("Reshape", "merged", Map.of(), "joined", "flat");
        add("MatMul", "attended", Map.of(), "merged", "out");
        add("Add", "residual", Map.of(), "x", "attended");
        add("MatMul", "raised", Map.of(), "residual", "up");
        add("Gelu", "active", Map.of("approximate", new Attribute.Text("none")), "raised");
        add("MatMul", "lowered", Map.of(), "active", "down");
        add("Mul", "tripled", Map.of(), "lowered", "third");
        add("Floor", "steps", Map.of(), "tripled");
        add("Add", "y", Map.of(), "residual", "steps");
    }

    private static Tensor normal(DType dtype, SplittableRandom random, double deviation, long... shape) {
        Tensor tensor =
                Tensor.allocate(dtype, java.util.Arrays.stream(shape).boxed().toList());
        for (long i = 0; i < tensor.elements(); i++) {
            tensor.set(i, random.nextGaussian() * deviation);
        }
        return tensor;
    }

    private void add(String op, String output, Map<String, Attribute> attributes, String... inputs) {
        nodes.put(
                output,
                new Node(output, "", op, List.of(inputs), List.of(output), new TreeMap<>(attributes), new TreeMap<>()));
    }

    /** Replaces the operator that makes a value. */
    Block with(String output, String op, Map<String, Attribute> attributes) {
        nodes.computeIfPresent(
                output,
                (_, node) -> new Node(
                        output, "", op, node.inputs(), node.outputs(), new TreeMap<>(attributes), new TreeMap<>()));
        return this;
    }

    /** Replaces a weight. */
    Block with(String name, UnaryOperator<Tensor> changed) {
        weights.computeIfPresent(name, (_, tensor) -> changed.apply(tensor));
        return this;
    }

    Tensor weight(String name) {
        return java.util.Objects.requireNonNull(weights.get(name));
    }

    Model model() {
        Dim n = Dim.of(Expression.symbol("n"));
        Graph graph = new Graph(
                "block",
                List.of(Value.of("x", dtype, List.of(n, new Dim.Fixed(WIDTH)))),
                List.of(Value.of("y", dtype, List.of(n, new Dim.Fixed(WIDTH)))),
                weights,
                new ArrayList<>(nodes.values()),
                List.of());
        return new Model(10, "", "", new TreeMap<>(Map.of("", 21L)), Map.of(), graph);
    }

    static Case input(String name, long seed) {
        return input(DType.FLOAT32, name, seed);
    }

    static Case input(DType dtype, String name, long seed) {
        return new Case(name, Map.of("x", normal(dtype, new SplittableRandom(seed), 1, 5, WIDTH)));
    }
}
