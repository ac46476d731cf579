package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Order along an axis. ONNX's TopK of all elements sorts, and keeps equal elements in their order. MLX has NaN after everything
 * else, so floats are sorted twice: with infinity in the place of NaN, and then by being NaN.
 */
final class SortRules {
    private SortRules() {}

    static void register(Rules rules) {
        // A partition promises less than a sort, which therefore is one.
        rules.add("Sort", 1, 1, (node, out) -> sorted(node, node.integer(0), out));
        rules.add("Partition", 2, 1, (node, out) -> sorted(node, node.integer(1), out));
        rules.add("ArgSort", 1, 1, (node, out) -> positions(node, node.integer(0), out));
        rules.add("ArgPartition", 2, 1, (node, out) -> positions(node, node.integer(1), out));
        rules.add("SearchSorted", 1, 1, SortRules::search);
    }

    private static void sorted(MlxNode node, long axis, Emitter out) {
        String order = order(node.input(0), axis, out);
        out.result(node.output(), "GatherElements", Attributes.of("axis", axis), out.of(node.input(0)), order);
    }

    private static void positions(MlxNode node, long axis, Emitter out) {
        out.result(node.output(), "Cast", Casts.to(node.output().dtype()), order(node.input(0), axis, out));
    }

    private static String order(MlxValue value, long axis, Emitter out) {
        String count = out.shape(List.of(value.shape().get(Math.floorMod(axis, value.rank()))));
        DType dtype = value.dtype();
        if (!dtype.isFloating()) {
            return topK(comparable(value, out), count, axis, out);
        }
        DType wide = Widths.ofHalves(dtype);
        String x = out.cast(out.of(value), dtype, wide);
        String nan = out.inner("IsNaN", x);
        String number = out.inner("Where", nan, out.scalar(wide, Double.POSITIVE_INFINITY), x);
        String first = topK(number, count, axis, out);
        Map<String, Attribute> along = Attributes.of("axis", axis);
        String isNan = out.inner("Cast", Casts.to(DType.INT32), nan);
        String then = topK(out.inner("GatherElements", along, isNan, first), count, axis, out);
        return out.inner("GatherElements", along, first, then);
    }

    /** An integer that TopK can order. The order of uint64 is that of int64 after the top bit is turned. */
    private static String comparable(MlxValue value, Emitter out) {
        DType wide = Widths.ofComparing(value.dtype());
        String x = out.cast(out.of(value), value.dtype(), wide);
        if (wide != DType.UINT64) {
            return x;
        }
        Tensor top = Tensor.allocate(DType.INT64, List.of());
        top.set(0, Long.MIN_VALUE);
        return out.inner("Add", out.cast(x, DType.UINT64, DType.INT64), out.constant(top));
    }

    private static String topK(String x, String count, long axis, Emitter out) {
        Map<String, Attribute> smallestFirst = Map.of(
                "axis", new Attribute.Int(axis), "largest", new Attribute.Int(0), "sorted", new Attribute.Int(1));
        return out.inners("TopK", smallestFirst, 2, x, count).getLast();
    }

    /** How many elements of a sorted vector come before each value; NaN comes after all numbers. */
    private static void search(MlxNode node, Emitter out) {
        MlxValue sequence = node.input(0);
        DType dtype = sequence.dtype();
        DType wide = Widths.ofHalves(Widths.ofComparing(dtype));
        String s = out.cast(out.of(sequence), dtype, wide);
        String values = out.cast(out.of(node.input(1)), node.input(1).dtype(), wide);
        String v = out.inner("Unsqueeze", values, out.integers(List.of(-1)));
        String before = out.inner(node.flag(0) ? "LessOrEqual" : "Less", s, v);
        if (dtype.isFloating()) {
            String last = out.inner("IsNaN", v);
            String known = node.flag(0) ? last : out.inner("And", last, out.inner("Not", out.inner("IsNaN", s)));
            before = out.inner("Or", before, known);
        }
        String ones = out.inner("Cast", Casts.to(DType.INT64), before);
        String axis = out.integers(List.of(-1));
        out.narrowed(node.output(), DType.INT64, "ReduceSum", Attributes.of("keepdims", 0), ones, axis);
    }
}
