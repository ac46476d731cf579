package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One number in, one number out. MLX has broadcast the operands already. */
final class ElementwiseRules {
    private static final Map<String, String> UNARY = Map.ofEntries(
            Map.entry("Abs", "Abs"),
            Map.entry("Exp", "Exp"),
            Map.entry("Sin", "Sin"),
            Map.entry("Cos", "Cos"),
            Map.entry("Tan", "Tan"),
            Map.entry("ArcSin", "Asin"),
            Map.entry("ArcCos", "Acos"),
            Map.entry("ArcTan", "Atan"),
            Map.entry("Sinh", "Sinh"),
            Map.entry("Cosh", "Cosh"),
            Map.entry("Tanh", "Tanh"),
            Map.entry("ArcSinh", "Asinh"),
            Map.entry("ArcCosh", "Acosh"),
            Map.entry("ArcTanh", "Atanh"),
            Map.entry("Erf", "Erf"),
            Map.entry("Sigmoid", "Sigmoid"),
            Map.entry("LogicalNot", "Not"),
            Map.entry("StopGradient", "Identity"),
            Map.entry("Copy", "Identity"));
    private static final Map<String, String> BINARY = Map.of(
            "Add", "Add",
            "Subtract", "Sub",
            "Multiply", "Mul",
            "Divide", "Div",
            "LogicalAnd", "And",
            "LogicalOr", "Or");

    private static final Map<String, String> ROUNDING = Map.of("Floor", "Floor", "Ceil", "Ceil", "Round", "Round");

    /** ONNX has these for bfloat16 from operator set 22 on only; MLX computes them in float32 and rounds. */
    private static final Set<String> NOT_OF_BFLOAT16 =
            Set.of("Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Cos", "Cosh", "Round", "Sin", "Sinh", "Tan");

    /** MLX's arithmetic on booleans; ONNX defines none. */
    private static final Map<String, String> BINARY_OF_BOOL = Map.of("Add", "Or", "Multiply", "And");

    private ElementwiseRules() {}

    static void register(Rules rules) {
        UNARY.forEach((op, onnx) -> rules.add(op, 0, 1, (node, out) -> unary(node, onnx, out)));
        ROUNDING.forEach((op, onnx) -> rules.add(
                op, 0, 1, (node, out) -> unary(node, node.output().dtype().isFloating() ? onnx : "Identity", out)));
        for (Extrema extreme : Extrema.values()) {
            String op = extreme == Extrema.MAX ? "Maximum" : "Minimum";
            rules.add(op, 0, 2, (node, out) -> {
                DType dtype = node.output().dtype();
                String[] operands = Broadcasts.operands(node, out);
                if (dtype == DType.BOOL) {
                    out.result(node.output(), extreme == Extrema.MAX ? "Or" : "And", operands);
                } else if (dtype.isFloating()) {
                    out.result(node.output(), extreme == Extrema.MAX ? "Max" : "Min", operands);
                } else {
                    out.result(node.output(), "Identity", extreme.of(operands[0], operands[1], dtype, out));
                }
            });
        }
        BINARY.forEach((op, onnx) -> rules.add(op, 0, 1, (node, out) -> {
            boolean bool = node.output().dtype() == DType.BOOL;
            String name = bool ? BINARY_OF_BOOL.getOrDefault(op, onnx) : onnx;
            DType wide = op.equals("Multiply") && !bool
                    ? Widths.ofComparing(node.output().dtype())
                    : node.output().dtype();
            out.narrowed(node.output(), wide, name, Attributes.NONE, Widths.operands(node, wide, out));
        }));
        rules.add("Negative", 0, 1, (node, out) -> {
            DType wide = Widths.signed(node.output().dtype());
            out.narrowed(node.output(), wide, "Neg", Attributes.NONE, Widths.operands(node, wide, out));
        });
        rules.add("Sign", 0, 1, ElementwiseRules::sign);
        rules.add("DivMod", 0, 1, (node, out) -> {
            floorDivide(node, node.outputs().getFirst(), out);
            remainder(node, node.outputs().getLast(), out);
        });
        rules.add("Square", 0, 1, (node, out) -> {
            String x = out.of(node.input(0));
            out.result(node.output(), "Mul", x, x);
        });
        rules.add("Sqrt", 1, 1, ElementwiseRules::sqrt);
        rules.add("Log", 1, 1, ElementwiseRules::log);
        rules.add("Log1p", 0, 1, ElementwiseRules::log1p);
        rules.add("Expm1", 0, 1, ElementwiseRules::expm1);
        rules.add("LogAddExp", 0, 1, ElementwiseRules::logAddExp);
        rules.add("Remainder", 0, 1, (node, out) -> remainder(node, node.output(), out));
        rules.add("FloorDivide", 0, 1, (node, out) -> floorDivide(node, node.output(), out));
        rules.add("AsType", 1, 1, (node, out) -> cast(node.output(), out.of(node.input(0)), node, out));
        rules.add("Full", 0, 1, (node, out) -> cast(node.output(), out.of(node.input(0)), node, out));
    }

    private static void unary(MlxNode node, String op, Emitter out) {
        DType dtype = node.output().dtype();
        DType wide = dtype == DType.BFLOAT16 && NOT_OF_BFLOAT16.contains(op) ? DType.FLOAT32 : dtype;
        String x = out.cast(out.of(node.input(0)), node.input(0).dtype(), wide);
        out.narrowed(node.output(), wide, op, Attributes.NONE, x);
    }

    /** (x > 0) − (x < 0): MLX's sign of NaN is 0, ONNX's is NaN; for int64 see {@link Extrema}. */
    private static void sign(MlxNode node, Emitter out) {
        DType dtype = node.output().dtype();
        String x = out.of(node.input(0));
        if (dtype.isInteger() && dtype != DType.INT64) {
            out.result(node.output(), "Sign", x);
            return;
        }
        String zero = out.scalar(dtype, 0);
        String above = out.inner("Cast", Casts.to(dtype), out.inner("Greater", x, zero));
        String below = out.inner("Cast", Casts.to(dtype), out.inner("Less", x, zero));
        out.result(node.output(), "Sub", above, below);
    }

    private static void cast(MlxValue to, String from, MlxNode node, Emitter out) {
        if (node.input(0).dtype() == to.dtype()) {
            out.result(to, "Identity", from);
        } else {
            out.result(to, "Cast", Casts.to(to.dtype()), from);
        }
    }

    private static void sqrt(MlxNode node, Emitter out) {
        String x = out.of(node.input(0));
        if (node.flag(0)) {
            out.result(node.output(), "Reciprocal", out.inner("Sqrt", x));
        } else {
            out.result(node.output(), "Sqrt", x);
        }
    }

    private static void log(MlxNode node, Emitter out) {
        String x = out.of(node.input(0));
        DType dtype = node.output().dtype();
        switch ((int) node.integer(0)) {
            // the base's own logarithm stays a node: as a constant it would be rounded to the type, and the graph mean
            // another base
            case 0 -> out.result(node.output(), "Div", out.inner("Log", x), out.inner("Log", out.scalar(dtype, 2)));
            case 1 -> out.result(node.output(), "Div", out.inner("Log", x), out.inner("Log", out.scalar(dtype, 10)));
            case 2 -> out.result(node.output(), "Log", x);
            default ->
                throw new ModelException(
                        ErrorCode.MALFORMED, node.file(), node.path() + ".arguments[0]", "no base of a logarithm");
        }
    }

    /** log(u)·x/(u − 1) with u = 1 + x, as in Kahan's identity: the error of rounding u cancels. */
    private static void log1p(MlxNode node, Emitter out) {
        DType dtype = node.output().dtype();
        String x = out.of(node.input(0));
        String one = out.scalar(dtype, 1);
        String u = out.inner("Add", x, one);
        String difference = out.inner("Sub", u, one);
        String corrected = out.inner("Div", out.inner("Mul", out.inner("Log", u), x), difference);
        String finite = out.inner("Where", out.inner("Equal", difference, out.scalar(dtype, 0)), x, corrected);
        out.result(node.output(), "Where", isInfinite(u, dtype, out), u, finite);
    }

    /** (u − 1)·x/log(u) with u = exp(x), as in Kahan's identity. */
    private static void expm1(MlxNode node, Emitter out) {
        DType dtype = node.output().dtype();
        String x = out.of(node.input(0));
        String u = out.inner("Exp", x);
        String difference = out.inner("Sub", u, out.scalar(dtype, 1));
        String corrected = out.inner("Div", out.inner("Mul", difference, x), out.inner("Log", u));
        String small = out.inner("Where", out.inner("Equal", difference, out.scalar(dtype, 0)), x, corrected);
        String minusOne = out.scalar(dtype, -1);
        String low = out.inner("Where", out.inner("Equal", difference, minusOne), minusOne, small);
        out.result(node.output(), "Where", isInfinite(u, dtype, out), u, low);
    }

    /** Both uses have u ≥ 0 or NaN; Equal serves every floating type, IsInf does not. */
    private static String isInfinite(String u, DType dtype, Emitter out) {
        return out.inner("Equal", u, out.scalar(dtype, Double.POSITIVE_INFINITY));
    }

    private static void logAddExp(MlxNode node, Emitter out) {
        String axis = out.integers(List.of(0));
        String a = out.inner("Unsqueeze", out.of(node.input(0)), axis);
        String b = out.inner("Unsqueeze", out.of(node.input(1)), axis);
        String both = out.inner("Concat", Attributes.of("axis", 0), a, b);
        out.result(node.output(), "ReduceLogSumExp", Attributes.of("keepdims", 0), both, axis);
    }

    /** Rounds down; ONNX divides integers toward zero, so the remainder, which has the divisor's sign, goes first. */
    private static void floorDivide(MlxNode node, MlxValue result, Emitter out) {
        String[] operands = Broadcasts.operands(node, out);
        if (result.dtype().isFloating()) {
            out.result(result, "Floor", out.inner("Div", operands));
            return;
        }
        String whole = out.inner("Sub", operands[0], out.inner("Mod", operands));
        out.result(result, "Div", whole, operands[1]);
    }

    /** MLX's remainder has the divisor's sign. ONNX's Mod has it for integers only; for floats it is C's fmod. */
    private static void remainder(MlxNode node, MlxValue result, Emitter out) {
        String[] operands = Broadcasts.operands(node, out);
        DType dtype = result.dtype();
        if (!dtype.isFloating()) {
            out.result(result, "Mod", operands);
            return;
        }
        String zero = out.scalar(dtype, 0);
        String rest = out.inner("Mod", Map.of("fmod", new Attribute.Int(1)), operands);
        String signsDiffer = out.inner("Xor", out.inner("Less", rest, zero), out.inner("Less", operands[1], zero));
        String nonzero = out.inner("Not", out.inner("Equal", rest, zero));
        String wrong = out.inner("And", signsDiffer, nonzero);
        out.result(result, "Where", wrong, out.inner("Add", rest, operands[1]), rest);
    }
}
