package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** MLX's quantize and dequantize as primitives; on a CPU stream the second is traced in parts. */
final class QuantisingRules {
    private static final double LEAST_SCALE = 1e-7;
    private static final Map<String, Attribute> KEEP = Attributes.of("keepdims", 1);

    private QuantisingRules() {}

    static void register(Rules rules) {
        rules.add("Quantize", 4, 1, (node, out) -> {
            if (node.flag(3)) {
                DType dtype = node.output().dtype();
                QuantisedMode mode = QuantisedMode.of(node);
                String whole = Dequantising.rows(node, mode, 0, java.util.Optional.empty(), dtype, out);
                out.result(node.output(), "Identity", whole);
            } else {
                quantise(node, out);
            }
        });
    }

    /**
     * Each group's extreme of larger size is hit exactly: the scale is that edge over its nearest multiple, the edge the bias.
     */
    private static void quantise(MlxNode node, Emitter out) {
        QuantisedMode mode = QuantisedMode.of(node);
        MlxValue x = node.input(0);
        if (mode.kind() != QuantisedMode.Kind.AFFINE || x.dtype() != DType.FLOAT32) {
            throw new ModelException(
                    ErrorCode.UNSUPPORTED,
                    node.file(),
                    node.path(),
                    "only float32 can be quantised in the graph, to affine integers");
        }
        List<Expression> shape = new ArrayList<>(x.shape());
        long columns = shape.removeLast().constant().orElseThrow();
        List<Expression> grouped = new ArrayList<>(shape);
        grouped.add(Expression.of(columns / mode.group()));
        grouped.add(Expression.of(mode.group()));
        String last = out.integers(List.of(-1));
        String groups = out.inner("Reshape", out.of(x), ShapeRules.target(grouped, out));
        String low = out.inner("ReduceMin", KEEP, groups, last);
        String high = out.inner("ReduceMax", KEEP, groups, last);
        String zero = out.scalar(DType.FLOAT32, 0);
        String most = out.scalar(DType.FLOAT32, (1 << mode.bits()) - 1);
        String downwards = out.inner("Greater", out.inner("Abs", low), out.inner("Abs", high));
        String range = out.inner("Div", out.inner("Sub", high, low), most);
        String size = out.inner("Max", range, out.scalar(DType.FLOAT32, LEAST_SCALE));
        String step = out.inner("Where", downwards, size, out.inner("Neg", size));
        String edge = out.inner("Where", downwards, low, high);
        String nearest = out.inner("Round", out.inner("Div", edge, step));
        String none = out.inner("Equal", nearest, zero);
        String scale = out.inner("Where", none, step, out.inner("Div", edge, nearest));
        String bias = out.inner("Where", none, zero, edge);
        String level = out.inner("Round", out.inner("Div", out.inner("Sub", groups, bias), scale));
        String integers = out.inner("Cast", Casts.to(DType.UINT32), out.inner("Clip", level, zero, most));
        packed(node.output(), integers, shape, columns * mode.bits() / 32, mode.bits(), out);
        out.result(node.outputs().get(1), "Squeeze", scale, last);
        out.result(node.outputs().get(2), "Squeeze", bias, last);
    }

    /** Each integer's bits set apart, joined to one stream, and gathered by 32. */
    private static void packed(
            MlxValue words, String integers, List<Expression> leading, long count, int bits, Emitter out) {
        Map<String, Attribute> right = Map.of("direction", new Attribute.Text("RIGHT"));
        Map<String, Attribute> left = Map.of("direction", new Attribute.Text("LEFT"));
        String column = out.inner("Unsqueeze", integers, out.integers(List.of(-1)));
        Tensor one = Tensor.allocate(DType.UINT32, List.of());
        one.set(0, 1L);
        String single =
                out.inner("BitwiseAnd", out.inner("BitShift", right, column, steps(bits, out)), out.constant(one));
        List<Expression> stream = new ArrayList<>(leading);
        stream.add(Expression.of(count));
        stream.add(Expression.of(32));
        String apart = out.inner("Reshape", single, ShapeRules.target(stream, out));
        String placed = out.inner("BitShift", left, apart, steps(32, out));
        String wide = out.inner("Cast", Casts.to(DType.INT64), placed);
        String last = out.integers(List.of(-1));
        out.narrowed(words, DType.INT64, "ReduceSum", Attributes.of("keepdims", 0), wide, last);
    }

    private static String steps(int count, Emitter out) {
        Tensor steps = Tensor.allocate(DType.UINT32, List.of((long) count));
        for (int i = 0; i < count; i++) {
            steps.set(i, (long) i);
        }
        return out.constant(steps);
    }
}
