package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Attention, which MLX traces whole on a GPU stream only. It is written in its parts, as MLX itself does elsewhere: ONNX's operator
 * of later sets aligns a causal mask at the top left, MLX at the bottom right.
 */
final class AttentionRules {
    private AttentionRules() {}

    static void register(Rules rules) {
        for (int arity = 3; arity <= 5; arity++) {
            rules.add("ScaledDotProductAttention", arity, 1, AttentionRules::attention);
        }
    }

    /** Sizes of the operands: queries and keys may share heads in groups. */
    private record Shapes(List<Expression> queries, List<Expression> keys, long groups) {
        static Shapes of(MlxNode node) {
            List<Expression> q = node.input(0).shape();
            List<Expression> k = node.input(1).shape();
            long heads = q.size() == 4 ? q.get(1).constant().orElse(-1) : -1;
            long shared = k.size() == 4 ? k.get(1).constant().orElse(-1) : -1;
            if (heads < 1 || shared < 1 || heads % shared != 0) {
                throw unsupported(node, "queries of " + q + " over keys of " + k);
            }
            return new Shapes(q, k, heads / shared);
        }
    }

    private static void attention(MlxNode node, Emitter out) {
        Shapes shapes = Shapes.of(node);
        boolean causal = node.flag(1);
        boolean sinks = node.flag(2);
        if (node.arguments().size() > 3 && node.flag(3)) {
            throw unsupported(node, "attention that also gives its log-sum-exp cannot be converted");
        }
        boolean masked = node.inputs().size() > (sinks ? 4 : 3);
        MlxValue q = node.input(0);
        DType dtype = q.dtype();
        // Scores are scaled, compared and summed in float32: in 16 bits the scale itself would be another number.
        DType wide = Widths.ofHalves(dtype);
        String exact = out.inner("Mul", out.cast(out.of(q), dtype, wide), out.scalar(wide, node.real(0)));
        String scaled = out.cast(exact, wide, dtype);
        String scores = out.inner(
                "MatMul",
                grouped(scaled, shapes, out),
                out.inner("Transpose", keyOrder(shapes), shared(node, 1, shapes, out)));
        scores = out.cast(scores, dtype, wide);
        if (causal) {
            scores = kept(causal(shapes, out), scores, dtype, wide, out);
        }
        if (masked) {
            scores = masked(node.input(3), scores, shapes, dtype, wide, out);
        }
        Optional<MlxValue> sink = sinks ? Optional.of(node.inputs().getLast()) : Optional.empty();
        String weights = out.cast(softmax(scores, sink, shapes, wide, out), wide, dtype);
        String values = out.inner("MatMul", weights, shared(node, 2, shapes, out));
        ShapeRules.reshape(node.output(), values, out);
    }

    /** {@code [batch, key heads, group, length, width]} where heads are shared. */
    private static String grouped(String q, Shapes shapes, Emitter out) {
        if (shapes.groups() == 1) {
            return q;
        }
        List<Expression> shape = new ArrayList<>(shapes.queries());
        shape.set(1, shapes.keys().get(1));
        shape.add(2, Expression.of(shapes.groups()));
        return out.inner("Reshape", q, ShapeRules.target(shape, out));
    }

    private static String shared(MlxNode node, int input, Shapes shapes, Emitter out) {
        String value = out.of(node.input(input));
        return shapes.groups() == 1 ? value : out.inner("Unsqueeze", value, out.integers(List.of(2)));
    }

    private static java.util.Map<String, dev.fairlead.model.graph.Attribute> keyOrder(Shapes shapes) {
        return Attributes.of("perm", shapes.groups() == 1 ? List.of(0, 1, 3, 2) : List.of(0, 1, 2, 4, 3));
    }

    /** Aligned at the bottom right: the last query sees every key. */
    private static String causal(Shapes shapes, Emitter out) {
        Expression length = shapes.queries().get(2);
        Expression keys = shapes.keys().get(2);
        String zero = out.scalar(DType.INT64, 0);
        String one = out.scalar(DType.INT64, 1);
        Expression before = keys.plus(length.times(Expression.of(-1)));
        String first = out.inner("Squeeze", out.shape(List.of(before)));
        String last = out.inner("Squeeze", out.shape(List.of(keys)));
        String rows = out.inner("Unsqueeze", out.inner("Range", first, last, one), out.integers(List.of(1)));
        String columns = out.inner("Range", zero, last, one);
        return out.inner("GreaterOrEqual", rows, columns);
    }

    private static String masked(MlxValue mask, String scores, Shapes shapes, DType dtype, DType wide, Emitter out) {
        String name = out.of(mask);
        if (shapes.groups() > 1 && mask.rank() > 2) {
            List<Expression> shape = new ArrayList<>(mask.shape());
            int heads = shape.size() - 3;
            boolean every = shape.get(heads).equals(Expression.of(1));
            shape.set(heads, every ? Expression.of(1) : shapes.keys().get(1));
            shape.add(heads + 1, Expression.of(every ? 1 : shapes.groups()));
            name = out.inner("Reshape", name, ShapeRules.target(shape, out));
        }
        return mask.dtype() == DType.BOOL
                ? kept(name, scores, dtype, wide, out)
                : out.inner("Add", scores, out.cast(name, mask.dtype(), wide));
    }

    /** What is masked has the lowest finite score of the queries' type. */
    private static String kept(String mask, String scores, DType dtype, DType wide, Emitter out) {
        double lowest = switch (dtype) {
            case FLOAT16 -> -65504;
            case BFLOAT16 -> -0x1.FEp127;
            default -> -Float.MAX_VALUE;
        };
        return out.inner("Where", mask, scores, out.scalar(wide, lowest));
    }

    /** A sink is one more score of each head, whose weight falls to no value. */
    private static String softmax(String scores, Optional<MlxValue> sink, Shapes shapes, DType dtype, Emitter out) {
        if (sink.isEmpty()) {
            return out.inner("Softmax", Attributes.of("axis", -1), scores);
        }
        boolean shared = shapes.groups() > 1;
        List<Expression> column = new ArrayList<>();
        column.add(Expression.of(1));
        column.add(shapes.keys().get(1));
        if (shared) {
            column.add(Expression.of(shapes.groups()));
        }
        column.add(Expression.of(1));
        column.add(Expression.of(1));
        List<Expression> full = new ArrayList<>(column);
        full.set(0, shapes.queries().getFirst());
        full.set(full.size() - 2, shapes.queries().get(2));
        String number = out.cast(out.of(sink.get()), sink.get().dtype(), dtype);
        String one = out.inner("Reshape", number, ShapeRules.target(column, out));
        String all = out.inner("Expand", one, out.shape(full));
        String together = out.inner("Concat", Attributes.of("axis", -1), all, scores);
        String weights = out.inner("Softmax", Attributes.of("axis", -1), together);
        String last = out.integers(List.of(-1));
        return out.inner("Slice", weights, out.integers(List.of(1)), out.integers(List.of(Long.MAX_VALUE)), last);
    }

    private static ModelException unsupported(MlxNode node, String problem) {
        return new ModelException(ErrorCode.UNSUPPORTED, node.file(), node.path(), problem);
    }
}
