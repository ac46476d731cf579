package dev.fairlead.conformance.random;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Dim;
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
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** A small graph of operators that follow on each other by chance; every value is an output. */
public final class RandomGraph {
    /** A value that nodes may take. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Known(String name, DType dtype, long[] shape) {
        int rank() {
            return shape.length;
        }

        int size() {
            return (int) LongStream.of(shape).reduce(1, Math::multiplyExact);
        }

        boolean isFloating() {
            return dtype.isFloating();
        }
    }

    static final int LARGEST = 3000;

    private final Random random;
    private final Map<String, Tensor> inputs = new LinkedHashMap<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Known> known = new ArrayList<>();

    public RandomGraph(Random random) {
        this.random = random;
        for (int i = 0; i < 2; i++) {
            input(DType.FLOAT32, shape(2 + random.nextInt(3)));
        }
        input(random.nextBoolean() ? DType.INT64 : DType.INT32, shape(1 + random.nextInt(3)));
        int count = 4 + random.nextInt(6);
        RandomNodes choices = new RandomNodes(this, random);
        while (nodes.size() < count) {
            choices.add();
        }
    }

    private long[] shape(int rank) {
        return random.longs(rank, 1, 6).toArray();
    }

    private void input(DType dtype, long... shape) {
        String name = "x" + inputs.size();
        Tensor tensor =
                dtype.isFloating() ? Numbers.normal(random, shape) : Numbers.integers(random, dtype, -9, 10, shape);
        inputs.put(name, tensor);
        known.add(new Known(name, dtype, shape));
    }

    /** A value to go on with, more often a late one. */
    Known any() {
        int back = random.nextInt(1 + random.nextInt(known.size()));
        return known.get(known.size() - 1 - back);
    }

    String constant(Tensor tensor) {
        String name = "c" + constants.size();
        constants.put(name, tensor);
        return name;
    }

    String longs(long... values) {
        return constant(Tensor.ofLongs(List.of((long) values.length), values));
    }

    String normal(DType dtype, long... shape) {
        return constant(number(dtype, shape));
    }

    /** Numbers from a normal distribution, those of float32. */
    Tensor number(DType dtype, long... shape) {
        Tensor narrow = Numbers.normal(random, shape);
        if (dtype == DType.FLOAT32) {
            return narrow;
        }
        Tensor wide = Tensor.allocate(dtype, narrow.shape());
        for (long i = 0; i < wide.elements(); i++) {
            wide.set(i, narrow.doubleAt(i));
        }
        return wide;
    }

    /** Adds a node with one output. */
    void node(String op, List<String> inputs, Map<String, Attribute> attributes, DType dtype, long... shape) {
        String name = "y" + nodes.size();
        SortedMap<String, Attribute> sorted = new TreeMap<>(attributes);
        nodes.add(new Node(name, "", op, inputs, List.of(name), sorted, new TreeMap<>()));
        known.add(new Known(name, dtype, shape));
    }

    Map<String, Tensor> inputs() {
        return inputs;
    }

    public Model model() {
        List<Value> given = inputs.entrySet().stream()
                .map(input -> Value.of(
                        input.getKey(),
                        input.getValue().dtype(),
                        input.getValue().shape().stream()
                                .<Dim>map(Dim.Fixed::new)
                                .toList()))
                .toList();
        List<Value> made = nodes.stream()
                .map(node -> new Value(node.outputs().getFirst(), Optional.empty(), Optional.empty()))
                .toList();
        Graph graph = new Graph("random", given, made, constants, nodes, List.of());
        return new Model(10, "test", "", new TreeMap<>(Map.of("", 21L)), Map.of(), graph);
    }

    @Override
    public String toString() {
        return IntStream.range(0, nodes.size())
                .mapToObj(i -> {
                    Known made = known.get(known.size() - nodes.size() + i);
                    return "%s = %s%s %s"
                            .formatted(
                                    made.name(),
                                    nodes.get(i).op(),
                                    nodes.get(i).inputs(),
                                    Arrays.toString(made.shape()));
                })
                .toList()
                .toString();
    }
}
