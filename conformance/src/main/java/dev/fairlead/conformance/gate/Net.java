package dev.fairlead.conformance.gate;

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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongToDoubleFunction;

/**
 * A float32 graph in the making. Each value is called as its maker says and each weight's numbers follow from its name, so that two nets
 * that say the same in other ways share both.
 */
final class Net {
    private final List<Value> inputs = new ArrayList<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    /** A size is a number or a symbol's name. */
    String input(String name, DType dtype, Object... sizes) {
        List<Dim> shape = Arrays.stream(sizes)
                .<Dim>map(size -> size instanceof Integer fixed
                        ? new Dim.Fixed(fixed)
                        : new Dim.Symbolic(Expression.symbol((String) size)))
                .toList();
        inputs.add(Value.of(name, dtype, shape));
        return name;
    }

    /** Numbers from a normal distribution of this deviation. */
    String weight(String name, double deviation, long... shape) {
        SplittableRandom random = new SplittableRandom(name.hashCode());
        return constant(name, i -> deviation * random.nextGaussian(), shape);
    }

    String constant(String name, LongToDoubleFunction value, long... shape) {
        Tensor tensor =
                Tensor.allocate(DType.FLOAT32, Arrays.stream(shape).boxed().toList());
        for (long i = 0; i < tensor.elements(); i++) {
            tensor.set(i, value.applyAsDouble(i));
        }
        return constant(name, tensor);
    }

    String constant(String name, Tensor tensor) {
        constants.put(name, tensor);
        return name;
    }

    String scalar(double value) {
        return constant("scalar" + value, _ -> value);
    }

    String longs(long... values) {
        return constant("longs" + Arrays.toString(values), Tensor.ofLongs(List.of((long) values.length), values));
    }

    Tensor constant(String name) {
        Tensor tensor = constants.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("name: " + name + " is no constant");
        }
        return tensor;
    }

    /** A node of one output, which also names it. */
    String node(String op, String output, Map<String, Attribute> attributes, String... inputs) {
        return node("", op, output, attributes, inputs);
    }

    String node(String op, String output, String... inputs) {
        return node(op, output, Map.of(), inputs);
    }

    String node(String domain, String op, String output, Map<String, Attribute> attributes, String... inputs) {
        nodes.add(new Node(
                output, domain, op, List.of(inputs), List.of(output), new TreeMap<>(attributes), new TreeMap<>()));
        return output;
    }

    /** A node whose first outputs may be left out as empty names. */
    void node(String op, List<String> outputs, Map<String, Attribute> attributes, String... inputs) {
        nodes.add(new Node(
                outputs.getLast(), "", op, List.of(inputs), outputs, new TreeMap<>(attributes), new TreeMap<>()));
    }

    /** {@code x W + b}, called by the output. */
    String linear(String output, String x, int width, int made) {
        String product =
                node("MatMul", output + "_product", x, weight(output + "_weight", 1 / Math.sqrt(width), width, made));
        return node("Add", output, product, weight(output + "_bias", 0.1, made));
    }

    String layerNorm(String output, String x, int width, float epsilon) {
        return node(
                "LayerNormalization",
                output,
                Map.of("axis", new Attribute.Int(-1), "epsilon", new Attribute.Real(epsilon)),
                x,
                constant(output + "_scale", i -> 1 + 0.1 * Math.sin((double) i), width),
                weight(output + "_shift", 0.1, width));
    }

    /** {@code [batch, length, heads * size]} as {@code [batch, heads, length, size]}. */
    String heads(String output, String x, int heads, int size) {
        String split = node("Reshape", output + "_split", x, longs(0, 0, heads, size));
        return node("Transpose", output, Map.of("perm", ints(0, 2, 1, 3)), split);
    }

    /** The way back. */
    String joined(String output, String x, int width) {
        String turned = node("Transpose", output + "_turned", Map.of("perm", ints(0, 2, 1, 3)), x);
        return node("Reshape", output, turned, longs(0, 0, width));
    }

    Model model(String... outputs) {
        List<Value> made = Arrays.stream(outputs)
                .map(name -> new Value(name, Optional.empty(), Optional.empty()))
                .toList();
        Map<String, Long> opsets = new TreeMap<>(Map.of("", 21L));
        if (nodes.stream().anyMatch(node -> node.domain().equals("com.microsoft"))) {
            opsets.put("com.microsoft", 1L);
        }
        return new Model(
                10,
                "fairlead",
                "",
                new TreeMap<>(opsets),
                Map.of(),
                new Graph("net", inputs, made, constants, nodes, List.of()));
    }

    static Attribute ints(long... values) {
        return new Attribute.Ints(Arrays.stream(values).boxed().toList());
    }

    static Attribute whole(long value) {
        return new Attribute.Int(value);
    }

    static Attribute text(String value) {
        return new Attribute.Text(value);
    }
}
