package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.tensor.DType;
import java.util.Map;

/** One number in, one number out, as ONNX and MLX both have it. */
final class UnaryRules {
    private static final Map<String, String> SAME = Map.ofEntries(
            Map.entry("Abs", "Abs"),
            Map.entry("Acos", "ArcCos"),
            Map.entry("Acosh", "ArcCosh"),
            Map.entry("Asin", "ArcSin"),
            Map.entry("Asinh", "ArcSinh"),
            Map.entry("Atan", "ArcTan"),
            Map.entry("Atanh", "ArcTanh"),
            Map.entry("Ceil", "Ceil"),
            Map.entry("Cos", "Cos"),
            Map.entry("Cosh", "Cosh"),
            Map.entry("Erf", "Erf"),
            Map.entry("Exp", "Exp"),
            Map.entry("Floor", "Floor"),
            Map.entry("Neg", "Negative"),
            Map.entry("Not", "LogicalNot"),
            Map.entry("Round", "Round"),
            Map.entry("Sigmoid", "Sigmoid"),
            Map.entry("Sin", "Sin"),
            Map.entry("Sinh", "Sinh"),
            Map.entry("Tan", "Tan"),
            Map.entry("Tanh", "Tanh"));

    private UnaryRules() {}

    static void register(Rules rules) {
        SAME.forEach((op, primitive) -> rules.add(op, (node, mlx) -> mlx.unary(primitive, node.input(0))));
        rules.add("Identity", (node, mlx) -> node.input(0));
        rules.add("Log", (node, mlx) -> mlx.log(node.input(0)));
        rules.add("Sqrt", (node, mlx) -> mlx.sqrt(node.input(0)));
        rules.add("Reciprocal", (node, mlx) -> mlx.divide(mlx.like(node.input(0), 1), node.input(0)));
        rules.add("Sign", UnaryRules::sign);
        rules.add("IsNaN", (node, mlx) -> mlx.compare("NotEqual", node.input(0), node.input(0)));
        rules.add("IsInf", UnaryRules::isInf);
        rules.add("BitwiseNot", UnaryRules::bitwiseNot);
        rules.add("Cast", (node, mlx) -> cast(node.input(0), node.type("to", DType.FLOAT32), mlx));
        rules.add("CastLike", (node, mlx) -> cast(node.input(0), node.input(1).dtype(), mlx));
        rules.add("BitCast", UnaryRules::bitCast);
    }

    /** A not-a-number stays one; MLX answers 0. */
    private static Operand sign(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        Operand sign = mlx.unary("Sign", x);
        return x.isFloating() ? mlx.select(mlx.compare("NotEqual", x, x), x, sign) : sign;
    }

    private static Operand isInf(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        boolean negative = node.flag("detect_negative", true);
        boolean positive = node.flag("detect_positive", true);
        if (negative && positive) {
            return mlx.equal(mlx.abs(x), Double.POSITIVE_INFINITY);
        }
        if (!negative && !positive) {
            return mlx.broadcast(mlx.scalar(DType.BOOL, 0L), x.shape());
        }
        return mlx.equal(x, positive ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY);
    }

    /** MLX can't export its own inversion. */
    private static Operand bitwiseNot(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        return mlx.bitwise(2, x, mlx.scalar(x.dtype(), -1L));
    }

    private static Operand cast(Operand x, DType dtype, Primitives mlx) {
        if (!x.isFloating() || dtype.kind() != DType.Kind.BOOLEAN) {
            return mlx.cast(x, dtype);
        }
        return mlx.compare("NotEqual", x, mlx.like(x, 0));
    }

    private static Operand bitCast(Operation node, Primitives mlx) {
        DType dtype = node.type("to", DType.FLOAT32);
        Operand x = node.input(0);
        if (dtype.bits() != x.dtype().bits()) {
            throw Refusal.of("the bits of " + x.dtype().text() + " as " + dtype.text());
        }
        return mlx.view(x, dtype);
    }
}
