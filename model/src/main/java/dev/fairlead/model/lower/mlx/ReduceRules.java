package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.lower.mlx.ReductionPrimitives.Fold;
import dev.fairlead.model.tensor.DType;
import java.util.List;
import java.util.Optional;

/** Reductions, running totals, and the places of extremes. */
final class ReduceRules {
    private ReduceRules() {}

    /** Reduces axes and keeps them. */
    private interface Reduction {
        Operand reduce(Operand x, List<Integer> axes, Primitives mlx);
    }

    static void register(Rules rules) {
        add(rules, "ReduceSum", (x, axes, mlx) -> mlx.sum(x, axes));
        add(rules, "ReduceProd", (x, axes, mlx) -> mlx.reduce(Fold.PRODUCT, x, axes));
        add(rules, "ReduceMax", (x, axes, mlx) -> mlx.reduce(extreme(x, Fold.OR, Fold.MAXIMUM), x, axes));
        add(rules, "ReduceMin", (x, axes, mlx) -> mlx.reduce(extreme(x, Fold.AND, Fold.MINIMUM), x, axes));
        add(rules, "ReduceMean", ReduceRules::mean);
        add(rules, "ReduceL1", (x, axes, mlx) -> mlx.sum(mlx.abs(x), axes));
        add(rules, "ReduceL2", (x, axes, mlx) -> mlx.sqrt(mlx.sum(mlx.square(x), axes)));
        add(rules, "ReduceSumSquare", (x, axes, mlx) -> mlx.sum(mlx.square(x), axes));
        add(rules, "ReduceLogSum", (x, axes, mlx) -> mlx.log(mlx.sum(x, axes)));
        add(rules, "ReduceLogSumExp", ReduceRules::logSumExp);
        rules.add("ArgMax", (node, mlx) -> place(node, true, mlx));
        rules.add("ArgMin", (node, mlx) -> place(node, false, mlx));
        rules.add("CumSum", (node, mlx) -> scan(node, 2, mlx));
        rules.add("CumProd", (node, mlx) -> scan(node, 3, mlx));
        rules.addAll("TopK", ReduceRules::topK);
        rules.add("Hardmax", ReduceRules::hardmax);
        rules.add("Softmax", (node, mlx) -> matrixwise(node, mlx, mlx::softmax));
        rules.add("LogSoftmax", (node, mlx) -> matrixwise(node, mlx, (x, axis) -> logSoftmax(x, axis, mlx)));
    }

    private static void add(Rules rules, String op, Reduction reduction) {
        rules.add(op, (node, mlx) -> {
            Operand x = node.input(0);
            Optional<List<Long>> stated = node.integers(1, "axes", "the axes");
            List<Integer> axes = stated.filter(list -> !list.isEmpty())
                    .map(list -> node.axes(list, x.rank()))
                    .orElseGet(() -> node.flag("noop_with_empty_axes", false) ? List.of() : Shapes.range(0, x.rank()));
            Operand reduced = reduction.reduce(x, axes, mlx);
            return node.flag("keepdims", true) ? reduced : mlx.squeeze(reduced, axes);
        });
    }

    private static Fold extreme(Operand x, Fold ofBooleans, Fold ofNumbers) {
        return x.dtype() == DType.BOOL ? ofBooleans : ofNumbers;
    }

    private static Operand mean(Operand x, List<Integer> axes, Primitives mlx) {
        if (!x.isFloating()) {
            throw Refusal.of("the mean of " + x.dtype().text());
        }
        return mlx.mean(x, axes);
    }

    private static Operand logSumExp(Operand x, List<Integer> axes, Primitives mlx) {
        if (!x.isFloating()) {
            throw Refusal.of("the exponential of " + x.dtype().text());
        }
        return mlx.logSumExp(x, axes);
    }

    private static Operand place(Operation node, boolean largest, Primitives mlx) {
        Operand x = node.input(0);
        int axis = node.axis("axis", 0, x.rank());
        boolean last = node.flag("select_last_index", false);
        Operand found = mlx.cast(mlx.argReduce(largest, last ? mlx.reversed(x, axis) : x, axis), DType.INT64);
        Operand place = last ? mlx.subtract(x.fixed(axis) - 1, found) : found;
        return node.flag("keepdims", true) ? place : mlx.squeeze(place, axis);
    }

    private static Operand scan(Operation node, int kind, Primitives mlx) {
        Operand x = node.input(0);
        int axis = node.axis(node.integers(1, "the axis").getFirst(), x.rank());
        return mlx.scan(kind, x, axis, node.flag("reverse", false), !node.flag("exclusive", false));
    }

    /** Of equal elements the one with the lower index comes first, so the largest are sorted from behind. */
    private static List<Operand> topK(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        int axis = node.axis("axis", -1, x.rank());
        long k = node.has(1) ? node.integers(1, "k").getFirst() : node.integer("k");
        boolean largest = node.flag("largest", true);
        Operand order;
        if (largest) {
            Operand backwards = mlx.reversed(mlx.argSort(mlx.reversed(x, axis), axis), axis);
            order = mlx.subtract(x.fixed(axis) - 1, mlx.cast(backwards, DType.INT64));
        } else {
            order = mlx.cast(mlx.argSort(x, axis), DType.INT64);
        }
        Operand indices = mlx.slice(order, axis, 0, k);
        return List.of(mlx.takeAlong(x, indices, axis), indices);
    }

    private interface Along {
        Operand apply(Operand x, int axis);
    }

    /** Before version 13 all axes from {@code axis} on count as one. */
    private static Operand matrixwise(Operation node, Primitives mlx, Along along) {
        Operand x = node.input(0);
        if (node.opset() >= 13) {
            return along.apply(x, node.axis("axis", -1, x.rank()));
        }
        int axis = node.axis("axis", 1, x.rank());
        Operand matrix = mlx.reshape(
                x,
                List.of(
                        Shapes.product(x.shape().subList(0, axis)),
                        Shapes.product(x.shape().subList(axis, x.rank()))));
        return mlx.reshape(along.apply(matrix, 1), x.shape());
    }

    static Operand logSoftmax(Operand x, int axis, Primitives mlx) {
        List<Integer> axes = List.of(axis);
        Operand shifted = mlx.subtract(x, mlx.max(x, axes));
        return mlx.subtract(shifted, mlx.log(mlx.sum(mlx.exp(shifted), axes)));
    }

    private static Operand hardmax(Operation node, Primitives mlx) {
        return matrixwise(node, mlx, (x, axis) -> {
            Operand places = mlx.arangeAlong(x.size(axis), DType.UINT32, axis, x.rank());
            return mlx.cast(mlx.equal(places, mlx.argReduce(true, x, axis)), x.dtype());
        });
    }
}
