package dev.fairlead.conformance.random;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Chooses nodes for a {@link RandomGraph}. None rounds or compares computed numbers, for float32 may fall on the other side. */
final class RandomNodes {
    private static final List<String> UNARY = List.of(
            "Abs",
            "Neg",
            "Tanh",
            "Sigmoid",
            "Relu",
            "LeakyRelu",
            "Elu",
            "Selu",
            "Celu",
            "Softplus",
            "Softsign",
            "Erf",
            "Sin",
            "Cos",
            "Atan",
            "HardSigmoid",
            "HardSwish",
            "Mish",
            "Gelu",
            "Asinh",
            "Identity");
    private static final List<String> BINARY = List.of("Add", "Sub", "Mul", "Max", "Min");
    private static final List<String> REDUCTIONS =
            List.of("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceLogSumExp");
    private static final List<String> NORMALIZATIONS =
            List.of("Softmax", "LogSoftmax", "LayerNormalization", "LpNormalization");

    private final RandomGraph graph;
    private final Random random;

    RandomNodes(RandomGraph graph, Random random) {
        this.graph = graph;
        this.random = random;
    }

    /** Adds a node, or none where the value at hand does not fit the choice. */
    void add() {
        RandomGraph.Known x = graph.any();
        if (!x.isFloating()) {
            integer(x);
            return;
        }
        switch (random.nextInt(18)) {
            case 0, 1 -> unary(x);
            case 2, 3 -> binary(x, one(BINARY));
            case 4 -> reduce(x, one(REDUCTIONS));
            case 5 -> normalize(x);
            case 6 -> transpose(x);
            case 7 -> slice(x);
            case 8 -> concat(x);
            case 9 -> multiply(x);
            case 10 -> pad(x);
            case 11 -> window(x);
            case 12 -> gather(x);
            case 13 -> clip(x);
            case 14 -> select(x);
            case 15 -> tile(x);
            case 16 -> cast(x);
            default -> shape(x);
        }
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private void unary(RandomGraph.Known x) {
        String op = one(UNARY);
        // Celu is of float32 only.
        boolean fits = x.dtype() == DType.FLOAT32 || !op.equals("Celu");
        graph.node(fits ? op : "Elu", List.of(x.name()), Map.of(), x.dtype(), x.shape());
    }

    private void integer(RandomGraph.Known x) {
        switch (random.nextInt(6)) {
            case 3 -> {
                Tensor divisor = Numbers.integers(random, x.dtype(), 2, 5, 1);
                graph.node(
                        one(List.of("Div", "Mod")),
                        List.of(x.name(), graph.constant(divisor)),
                        Map.of(),
                        x.dtype(),
                        x.rank() == 0 ? new long[] {1} : x.shape());
            }
            case 4 -> gather(x);
            case 0 -> binary(x, one(List.of("Add", "Sub", "Mul", "Max", "Min")));
            case 1 -> reduce(x, one(List.of("ReduceSum", "ReduceMax", "ReduceMin")));
            case 2 ->
                graph.node("Cast", List.of(x.name()), Map.of("to", new Attribute.Int(1)), DType.FLOAT32, x.shape());
            default -> transpose(x);
        }
    }

    private void binary(RandomGraph.Known x, String op) {
        RandomGraph.Known y = graph.any();
        long[] shape = broadcast(x.shape(), y.shape());
        if (x.dtype() == y.dtype() && shape.length > 0) {
            graph.node(op, List.of(x.name(), y.name()), Map.of(), x.dtype(), shape);
            return;
        }
        Tensor factor = x.isFloating() ? graph.number(x.dtype(), 1) : Numbers.integers(random, x.dtype(), -3, 4, 1);
        long[] scalar = x.rank() == 0 ? new long[] {1} : x.shape();
        graph.node(op, List.of(x.name(), graph.constant(factor)), Map.of(), x.dtype(), scalar);
    }

    /** Empty where shapes do not fit or grow too large. */
    private static long[] broadcast(long[] a, long[] b) {
        int rank = Math.max(a.length, b.length);
        long[] shape = new long[rank];
        long size = 1;
        for (int back = 1; back <= rank; back++) {
            long first = back > a.length ? 1 : a[a.length - back];
            long second = back > b.length ? 1 : b[b.length - back];
            if (first != second && first != 1 && second != 1) {
                return new long[0];
            }
            shape[rank - back] = Math.max(first, second);
            size *= shape[rank - back];
        }
        return size > RandomGraph.LARGEST ? new long[0] : shape;
    }

    private void reduce(RandomGraph.Known x, String op) {
        if (x.rank() == 0) {
            return;
        }
        int axis = random.nextInt(x.rank());
        boolean keeps = random.nextBoolean();
        long[] shape = IntStream.range(0, x.rank())
                .filter(i -> keeps || i != axis)
                .mapToLong(i -> i == axis ? 1 : x.shape()[i])
                .toArray();
        String axes = graph.longs(random.nextBoolean() ? axis : axis - x.rank());
        graph.node(op, List.of(x.name(), axes), Map.of("keepdims", new Attribute.Int(keeps ? 1 : 0)), x.dtype(), shape);
    }

    private void normalize(RandomGraph.Known x) {
        if (x.rank() == 0) {
            return;
        }
        int axis = random.nextInt(x.rank());
        String op = one(NORMALIZATIONS);
        boolean layer = op.equals("LayerNormalization");
        long[] tail = Arrays.copyOfRange(x.shape(), axis, x.rank());
        // A large epsilon, for a small one makes float32's errors large where all numbers are alike.
        Map<String, Attribute> attributes = layer
                ? Map.of("axis", new Attribute.Int(axis), "epsilon", new Attribute.Real(0.1f))
                : Map.of("axis", new Attribute.Int(axis));
        graph.node(
                op,
                layer ? List.of(x.name(), graph.normal(x.dtype(), tail)) : List.of(x.name()),
                attributes,
                x.dtype(),
                x.shape());
    }

    private void transpose(RandomGraph.Known x) {
        List<Integer> order =
                new java.util.ArrayList<>(IntStream.range(0, x.rank()).boxed().toList());
        java.util.Collections.shuffle(order, random);
        graph.node(
                "Transpose",
                List.of(x.name()),
                Map.of(
                        "perm",
                        new Attribute.Ints(
                                order.stream().map(Integer::longValue).toList())),
                x.dtype(),
                order.stream().mapToLong(i -> x.shape()[i]).toArray());
    }

    private void slice(RandomGraph.Known x) {
        if (x.rank() == 0) {
            return;
        }
        int axis = random.nextInt(x.rank());
        long length = x.shape()[axis];
        long start = random.nextLong(length);
        boolean back = random.nextBoolean();
        long step = back ? -1 : 1 + random.nextLong(2);
        long end = back ? -length - 1 : length;
        long[] shape = x.shape().clone();
        shape[axis] = back ? start + 1 : Math.ceilDiv(length - start, step);
        graph.node(
                "Slice",
                List.of(x.name(), graph.longs(start), graph.longs(end), graph.longs(axis), graph.longs(step)),
                Map.of(),
                x.dtype(),
                shape);
    }

    private void concat(RandomGraph.Known x) {
        if (x.rank() == 0 || 2 * x.size() > RandomGraph.LARGEST) {
            return;
        }
        int axis = random.nextInt(x.rank());
        long[] shape = x.shape().clone();
        shape[axis] = 2;
        String other = graph.normal(x.dtype(), shape);
        shape[axis] += x.shape()[axis];
        graph.node("Concat", List.of(x.name(), other), Map.of("axis", new Attribute.Int(axis)), x.dtype(), shape);
    }

    private void multiply(RandomGraph.Known x) {
        if (x.rank() == 0) {
            return;
        }
        long[] shape = x.shape().clone();
        long inner = shape[shape.length - 1];
        shape[shape.length - 1] = 3;
        if (x.rank() == 2 && random.nextBoolean()) {
            graph.node(
                    "Gemm",
                    List.of(x.name(), graph.normal(x.dtype(), 3, inner), graph.normal(x.dtype(), 3)),
                    Map.of("transB", new Attribute.Int(1), "alpha", new Attribute.Real(0.5f)),
                    x.dtype(),
                    shape);
        } else {
            graph.node("MatMul", List.of(x.name(), graph.normal(x.dtype(), inner, 3)), Map.of(), x.dtype(), shape);
        }
    }

    private void pad(RandomGraph.Known x) {
        if (x.rank() == 0 || 4 * x.size() > RandomGraph.LARGEST) {
            return;
        }
        int axis = random.nextInt(x.rank());
        long[] pads = new long[2 * x.rank()];
        pads[axis] = random.nextInt(2);
        pads[axis + x.rank()] = random.nextInt(3);
        long[] shape = x.shape().clone();
        shape[axis] += pads[axis] + pads[axis + x.rank()];
        String mode =
                x.shape()[axis] > 2 ? one(List.of("constant", "edge", "reflect")) : one(List.of("constant", "edge"));
        graph.node(
                "Pad",
                List.of(x.name(), graph.longs(pads)),
                Map.of("mode", new Attribute.Text(mode)),
                x.dtype(),
                shape);
    }

    /** A convolution or pool over whatever spatial axes there are. */
    private void window(RandomGraph.Known x) {
        if (x.rank() < 3 || x.rank() > 4) {
            return;
        }
        int rank = x.rank() - 2;
        Attribute kernel = new Attribute.Ints(
                LongStream.generate(() -> 3).limit(rank).boxed().toList());
        Attribute pads = new Attribute.Ints(
                LongStream.generate(() -> 1).limit(2L * rank).boxed().toList());
        Map<String, Attribute> attributes = Map.of("kernel_shape", kernel, "pads", pads);
        switch (random.nextInt(3)) {
            case 0 -> graph.node("MaxPool", List.of(x.name()), attributes, x.dtype(), x.shape());
            case 1 -> graph.node("AveragePool", List.of(x.name()), attributes, x.dtype(), x.shape());
            default -> {
                long[] weights = x.shape().clone();
                Arrays.fill(weights, 2, weights.length, 3);
                weights[0] = 2;
                long[] shape = x.shape().clone();
                shape[1] = 2;
                graph.node("Conv", List.of(x.name(), graph.normal(x.dtype(), weights)), attributes, x.dtype(), shape);
            }
        }
    }

    private void gather(RandomGraph.Known x) {
        if (x.rank() == 0) {
            return;
        }
        int axis = random.nextInt(x.rank());
        long[] shape = x.shape().clone();
        long length = shape[axis];
        shape[axis] = 2;
        graph.node(
                "Gather",
                List.of(x.name(), graph.longs(random.nextLong(length), -1 - random.nextLong(length))),
                Map.of("axis", new Attribute.Int(axis)),
                x.dtype(),
                shape);
    }

    private void clip(RandomGraph.Known x) {
        String low = graph.constant(Tensor.scalar(x.dtype(), -0.7));
        String high = graph.constant(Tensor.scalar(x.dtype(), 1.3));
        graph.node("Clip", List.of(x.name(), low, high), Map.of(), x.dtype(), x.shape());
    }

    /** Some numbers of a value, and one other for the rest. */
    private void select(RandomGraph.Known x) {
        if (x.rank() == 0) {
            return;
        }
        String condition = graph.constant(Numbers.integers(random, DType.BOOL, 0, 2, x.shape()));
        String other = graph.constant(Tensor.scalar(x.dtype(), 0.25));
        graph.node("Where", List.of(condition, x.name(), other), Map.of(), x.dtype(), x.shape());
    }

    private void tile(RandomGraph.Known x) {
        if (x.rank() == 0 || 2 * x.size() > RandomGraph.LARGEST) {
            return;
        }
        int axis = random.nextInt(x.rank());
        long[] repeats = new long[x.rank()];
        Arrays.fill(repeats, 1);
        repeats[axis] = 2;
        long[] shape = x.shape().clone();
        shape[axis] *= 2;
        graph.node("Tile", List.of(x.name(), graph.longs(repeats)), Map.of(), x.dtype(), shape);
    }

    private void cast(RandomGraph.Known x) {
        boolean widens = x.dtype() == DType.FLOAT32;
        graph.node(
                "Cast",
                List.of(x.name()),
                Map.of("to", new Attribute.Int(widens ? 11 : 1)),
                widens ? DType.FLOAT64 : DType.FLOAT32,
                x.shape());
    }

    private void shape(RandomGraph.Known x) {
        switch (random.nextInt(3)) {
            case 0 -> graph.node("Reshape", List.of(x.name(), graph.longs(-1)), Map.of(), x.dtype(), x.size());
            case 1 -> {
                long[] shape = LongStream.concat(LongStream.of(1), LongStream.of(x.shape()))
                        .toArray();
                if (shape.length < 5) {
                    graph.node("Unsqueeze", List.of(x.name(), graph.longs(0)), Map.of(), x.dtype(), shape);
                }
            }
            default -> {
                if (x.rank() > 0) {
                    String axis = graph.constant(Tensor.scalar(DType.INT64, x.rank() - 1));
                    graph.node("CumSum", List.of(x.name(), axis), Map.of(), x.dtype(), x.shape());
                }
            }
        }
    }
}
