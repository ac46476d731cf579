package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.tensor.DType;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/** Two numbers in, one out, and the same over any number of operands. */
final class BinaryRules {
    private static final Map<String, String> COMPARISONS = Map.of(
            "Equal", "Equal",
            "Greater", "Greater",
            "GreaterOrEqual", "GreaterEqual",
            "Less", "Less",
            "LessOrEqual", "LessEqual",
            "And", "LogicalAnd",
            "Or", "LogicalOr",
            "Xor", "NotEqual");
    private static final Map<String, Integer> BITWISE = Map.of("BitwiseAnd", 0, "BitwiseOr", 1, "BitwiseXor", 2);

    private BinaryRules() {}

    static void register(Rules rules) {
        COMPARISONS.forEach((op, primitive) ->
                rules.add(op, (node, mlx) -> mlx.compare(primitive, node.input(0), aligned(node, mlx))));
        BITWISE.forEach((op, kind) -> rules.add(op, (node, mlx) -> mlx.bitwise(kind, node.input(0), node.input(1))));
        rules.add("Add", (node, mlx) -> mlx.add(node.input(0), aligned(node, mlx)));
        rules.add("Sub", (node, mlx) -> mlx.subtract(node.input(0), aligned(node, mlx)));
        rules.add("Mul", (node, mlx) -> mlx.multiply(node.input(0), aligned(node, mlx)));
        rules.add("Div", (node, mlx) -> quotient(node.input(0), aligned(node, mlx), mlx));
        rules.add("Mod", BinaryRules::mod);
        rules.add("Pow", BinaryRules::pow);
        rules.add("PRelu", BinaryRules::pRelu);
        rules.add("BitShift", BinaryRules::shift);
        rules.add("Max", (node, mlx) -> over(node.operands(), mlx::maximum));
        rules.add("Min", (node, mlx) -> over(node.operands(), mlx::minimum));
        rules.add("Sum", (node, mlx) -> over(node.operands(), mlx::add));
        rules.add("Mean", (node, mlx) -> mlx.divide(over(node.operands(), mlx::add), node.inputs()));
        rules.add("Where", (node, mlx) -> mlx.select(node.input(0), node.input(1), node.input(2)));
    }

    /** Before version 7 the second operand was aligned with an axis of the first. */
    private static Operand aligned(Operation node, Primitives mlx) {
        Operand b = node.input(1);
        if (!node.hasAttribute("broadcast") || !node.hasAttribute("axis")) {
            return b;
        }
        Operand a = node.input(0);
        int axis = node.axis("axis", 0, a.rank());
        return mlx.expandDims(b, Shapes.range(b.rank(), a.rank() - axis));
    }

    private static Operand over(List<Operand> operands, BinaryOperator<Operand> operator) {
        return operands.stream().reduce(operator).orElseThrow();
    }

    /** Integers divide toward zero; MLX rounds down, which differs where there is a rest and the signs differ. */
    static Operand quotient(Operand a, Operand b, Primitives mlx) {
        if (a.isFloating()) {
            return mlx.divide(a, b);
        }
        Operand down = mlx.binary("FloorDivide", a, b);
        if (a.dtype().kind() != DType.Kind.SIGNED) {
            return down;
        }
        Operand inexact = mlx.compare("NotEqual", mlx.multiply(down, b), a);
        Operand negative = mlx.compare("NotEqual", mlx.less(a, 0), mlx.less(b, 0));
        return mlx.add(down, mlx.cast(mlx.and(inexact, negative), a.dtype()));
    }

    /** The rest has the divisor's sign, or with {@code fmod} the dividend's. */
    private static Operand mod(Operation node, Primitives mlx) {
        Operand a = node.input(0);
        Operand b = node.input(1);
        if (!node.flag("fmod", false) || a.dtype().kind() == DType.Kind.UNSIGNED) {
            return mlx.binary("Remainder", a, b);
        }
        Operand rest = mlx.binary("Remainder", mlx.abs(a), mlx.abs(b));
        return mlx.select(mlx.less(a, 0), mlx.negative(rest), rest);
    }

    /** The result has the base's type. An integer to a real power is computed in float64, where every small result is exact. */
    private static Operand pow(Operation node, Primitives mlx) {
        Operand base = node.input(0);
        Operand exponent = aligned(node, mlx);
        if (base.isFloating() || !exponent.isFloating()) {
            return mlx.power(base, mlx.cast(exponent, base.dtype()));
        }
        Operand power = mlx.power(mlx.cast(base, DType.FLOAT64), mlx.cast(exponent, DType.FLOAT64));
        return mlx.cast(power, base.dtype());
    }

    /** Before version 7 a vector of slopes belongs to the channels. */
    private static Operand pRelu(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        Operand stated = node.input(1);
        boolean perChannel = node.opset() < 7 && stated.rank() == 1 && !Shapes.isOne(stated.size(0));
        Operand slope = perChannel ? ConvolutionRules.perChannel(stated, x.rank(), mlx) : stated;
        return mlx.select(mlx.less(x, 0), mlx.multiply(x, slope), x);
    }

    /** A shift by all the bits or more leaves none; MLX, as C, doesn't say. */
    private static Operand shift(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        Operand by = node.input(1);
        Operand shifted = mlx.bitwise(node.text("direction", "").equals("LEFT") ? 3 : 4, x, by);
        return mlx.select(mlx.less(by, x.dtype().bits()), shifted, mlx.like(x, 0));
    }
}
