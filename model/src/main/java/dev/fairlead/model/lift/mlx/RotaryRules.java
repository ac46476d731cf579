package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Rotary positions, which MLX traces whole on a GPU stream only. */
final class RotaryRules {
    private RotaryRules() {}

    static void register(Rules rules) {
        // Without a base, where frequencies are given, the state is one shorter.
        rules.add("RoPE", 5, 1, (node, out) -> rope(node, node.real(3), node.flag(4), out));
        rules.add("RoPE", 4, 1, (node, out) -> rope(node, node.real(2), node.flag(3), out));
    }

    /**
     * Rotates pairs (a, b) by θ = (t + offset) · scale / period: (a·cos θ − b·sin θ, a·sin θ + b·cos θ). The first {@code dims} of the
     * last axis take part; a pair is two neighbours (traditional) or an element of each half.
     */
    private static void rope(MlxNode node, double scale, boolean forward, Emitter out) {
        MlxValue x = node.input(0);
        long dims = node.integer(0);
        boolean traditional = node.flag(1);
        Expression width = x.shape().getLast();
        if (!forward || dims % 2 != 0 || x.rank() < 3) {
            throw new ModelException(
                    ErrorCode.UNSUPPORTED,
                    node.file(),
                    node.path(),
                    "a backward rotation, or one of an odd number of dimensions, cannot be converted");
        }
        DType wide = Widths.ofHalves(x.dtype());
        String angles = angles(node, dims, scale, wide, out);
        String cos = out.inner("Cos", angles);
        String sin = out.inner("Sin", angles);
        String whole = out.cast(out.of(x), x.dtype(), wide);
        String a = traditional ? slice(whole, 0, dims, 2, out) : slice(whole, 0, dims / 2, 1, out);
        String b = traditional ? slice(whole, 1, dims, 2, out) : slice(whole, dims / 2, dims, 1, out);
        String first = out.inner("Sub", out.inner("Mul", a, cos), out.inner("Mul", b, sin));
        String second = out.inner("Add", out.inner("Mul", a, sin), out.inner("Mul", b, cos));
        String rotated = traditional ? interleaved(x, first, second, dims, out) : joined(first, second, out);
        if (!width.equals(Expression.of(dims))) {
            String rest = slice(whole, dims, Long.MAX_VALUE, 1, out);
            rotated = joined(rotated, rest, out);
        }
        out.narrowed(node.output(), wide, "Identity", Attributes.NONE, rotated);
    }

    /** {@code [sequence, dims / 2]}, or {@code [batch, 1…, sequence, dims / 2]} where each batch has its offset. */
    private static String angles(MlxNode node, long dims, double scale, DType dtype, Emitter out) {
        MlxValue x = node.input(0);
        MlxValue offset = node.input(1);
        String start = out.cast(out.of(offset), offset.dtype(), dtype);
        if (offset.rank() == 1) {
            List<Integer> axes = new ArrayList<>();
            for (int axis = 1; axis < x.rank() - 1; axis++) {
                axes.add(axis);
            }
            start = out.inner("Unsqueeze", start, out.integers(axes));
        }
        String length = out.inner("Squeeze", out.shape(List.of(x.shape().get(x.rank() - 2))));
        String steps = out.inner("Range", out.scalar(DType.INT64, 0), length, out.scalar(DType.INT64, 1));
        String positions = out.inner("Add", out.inner("Cast", Casts.to(dtype), steps), start);
        if (scale != 1) {
            positions = out.inner("Mul", positions, out.scalar(dtype, scale));
        }
        String column = out.inner("Unsqueeze", positions, out.integers(List.of(-1)));
        return node.inputs().size() > 2
                ? out.inner(
                        "Div",
                        column,
                        out.cast(out.of(node.input(2)), node.input(2).dtype(), dtype))
                : out.inner("Mul", column, frequencies(node.real(2), dims, dtype, out));
    }

    /** base^(−2i / dims), computed in the graph so that no rounded table stands between it and what it means. */
    private static String frequencies(double base, long dims, DType dtype, Emitter out) {
        String range = out.inner(
                "Range",
                out.scalar(DType.INT64, 0),
                out.scalar(DType.INT64, (double) -dims / 2),
                out.scalar(DType.INT64, -1));
        String exponent =
                out.inner("Div", out.inner("Cast", Casts.to(dtype), range), out.scalar(dtype, (double) dims / 2));
        return out.inner("Pow", out.scalar(dtype, base), exponent);
    }

    private static String slice(String x, long from, long to, long step, Emitter out) {
        List<Long> last = List.of(-1L);
        return out.inner(
                "Slice",
                x,
                out.integers(List.of(from)),
                out.integers(List.of(to)),
                out.integers(last),
                out.integers(List.of(step)));
    }

    private static String joined(String a, String b, Emitter out) {
        return out.inner("Concat", Attributes.of("axis", -1), a, b);
    }

    private static String interleaved(MlxValue x, String a, String b, long dims, Emitter out) {
        String last = out.integers(List.of(-1));
        String pairs = joined(out.inner("Unsqueeze", a, last), out.inner("Unsqueeze", b, last), out);
        List<Expression> shape = new ArrayList<>(x.shape());
        shape.set(x.rank() - 1, Expression.of(dims));
        return out.inner("Reshape", pairs, ShapeRules.target(shape, out));
    }
}
