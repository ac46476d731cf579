package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.tensor.DType;
import java.util.List;
import java.util.Map;

/** Many numbers in, one out. MLX's primitives keep the reduced axes, with size 1. */
final class ReduceRules {
    private static final int SUM = 2;
    private static final int MAX = 5;

    private ReduceRules() {}

    static void register(Rules rules) {
        rules.add("Reduce", 2, 1, ReduceRules::reduce);
        rules.add("ArgReduce", 2, 1, ReduceRules::argReduce);
        rules.add(
                "LogSumExp",
                0,
                1,
                (node, out) -> out.result(
                        node.output(),
                        "ReduceLogSumExp",
                        Attributes.of("keepdims", 1),
                        out.of(node.input(0)),
                        out.integers(List.of(-1))));
    }

    private static void reduce(MlxNode node, Emitter out) {
        int kind = (int) node.integer(0);
        String x = out.of(node.input(0));
        String axes = out.integers(node.integers(1));
        Map<String, Attribute> keep = Attributes.of("keepdims", 1);
        if (kind <= 1) {
            // ONNX reduces no booleans with every operator set; 0 and 1 as int32 mean the same.
            String number = out.inner("Cast", Casts.to(DType.INT32), truth(node, x, out));
            String reduced = out.inner(kind == 0 ? "ReduceMin" : "ReduceMax", keep, number, axes);
            out.result(node.output(), "Cast", Casts.to(DType.BOOL), reduced);
            return;
        }
        String op = switch (kind) {
            case SUM -> "ReduceSum";
            case 3 -> "ReduceProd";
            case 4 -> "ReduceMin";
            case MAX -> "ReduceMax";
            default -> throw unsupported(node, "no known kind of reduction");
        };
        DType result = node.output().dtype();
        if (node.input(0).dtype() == DType.BOOL && result == DType.BOOL) {
            String number = out.inner("Cast", Casts.to(DType.INT32), x);
            out.result(node.output(), "Cast", Casts.to(DType.BOOL), out.inner(op, keep, number, axes));
            return;
        }
        // MLX sums narrow integers and booleans in the wider type of the result.
        if (kind > 3 && result.isInteger()) {
            Extrema extreme = kind == 4 ? Extrema.MIN : Extrema.MAX;
            out.result(node.output(), "Identity", extreme.along(x, node.integers(1), result, out));
            return;
        }
        DType wide = kind <= 3 ? Widths.signed(result) : result;
        String number = out.cast(x, node.input(0).dtype(), wide);
        if (kind <= 3) {
            out.narrowed(node.output(), wide, op, keep, number, axes);
            return;
        }
        out.result(node.output(), "Where", extreme(kind == MAX, number, keep, axes, result, out));
    }

    /** Of floating numbers: what Where takes. */
    static String[] extreme(boolean max, String x, Map<String, Attribute> how, String axes, DType dtype, Emitter out) {
        String extreme = out.inner(max ? "ReduceMax" : "ReduceMin", how, x, axes);
        return new String[] {anyNan(x, how, axes, out), out.scalar(dtype, Double.NaN), extreme};
    }

    /** MLX's extrema are NaN where an element is; ONNX Runtime passes NaN over. */
    private static String anyNan(String x, Map<String, Attribute> how, String axes, Emitter out) {
        String nan = out.inner("Cast", Casts.to(DType.INT32), isNan(x, out));
        return out.inner("Cast", Casts.to(DType.BOOL), out.inner("ReduceMax", how, nan, axes));
    }

    private static String isNan(String x, Emitter out) {
        return out.inner("IsNaN", x);
    }

    private static String truth(MlxNode node, String x, Emitter out) {
        return node.input(0).dtype() == DType.BOOL ? x : out.inner("Cast", Casts.to(DType.BOOL), x);
    }

    private static void argReduce(MlxNode node, Emitter out) {
        String op = switch ((int) node.integer(0)) {
            case 0 -> "ArgMin";
            case 1 -> "ArgMax";
            default -> throw unsupported(node, "no known kind of reduction");
        };
        Map<String, Attribute> where =
                Map.of("axis", new Attribute.Int(node.integer(1)), "keepdims", new Attribute.Int(1));
        DType dtype = node.input(0).dtype();
        String x = out.cast(out.of(node.input(0)), dtype, Widths.ofHalves(Widths.ofComparing(dtype)));
        String index = out.inner(op, where, x);
        if (dtype.isFloating()) {
            // The first NaN, where there is one.
            String nan = out.inner("Cast", Casts.to(DType.INT32), isNan(x, out));
            String axis = out.integers(List.of(node.integer(1)));
            String any = out.inner("ReduceMax", Attributes.of("keepdims", 1), nan, axis);
            String first = out.inner("ArgMax", where, nan);
            index = out.inner("Where", out.inner("Cast", Casts.to(DType.BOOL), any), first, index);
        }
        out.result(node.output(), "Cast", Casts.to(node.output().dtype()), index);
    }

    private static ModelException unsupported(MlxNode node, String problem) {
        return new ModelException(ErrorCode.UNSUPPORTED, node.file(), node.path() + ".arguments[0]", problem);
    }
}
