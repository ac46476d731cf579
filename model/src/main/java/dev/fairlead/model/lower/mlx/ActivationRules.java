package dev.fairlead.model.lower.mlx;

import java.util.function.BinaryOperator;

/** Activation functions, after the formulas of ONNX' operator pages. */
final class ActivationRules {
    private ActivationRules() {}

    static void register(Rules rules) {
        rules.add("Relu", (node, mlx) -> mlx.maximum(node.input(0), 0));
        rules.add("LeakyRelu", (node, mlx) -> leakyRelu(node.input(0), node.real("alpha", 0.01f), mlx));
        rules.add("ThresholdedRelu", (node, mlx) -> {
            Operand x = node.input(0);
            return mlx.select(mlx.greater(x, node.real("alpha", 1)), x, mlx.like(x, 0));
        });
        rules.add("Elu", (node, mlx) -> elu(node.input(0), node.real("alpha", 1), 1, mlx));
        rules.add("Selu", (node, mlx) -> {
            double gamma = node.real("gamma", 1.050701f);
            return elu(node.input(0), node.real("alpha", 1.6732632f), gamma, mlx);
        });
        rules.add("Celu", ActivationRules::celu);
        rules.add(
                "HardSigmoid",
                (node, mlx) -> hardSigmoid(node.input(0), node.real("alpha", 0.2f), node.real("beta", 0.5f), mlx));
        rules.add(
                "HardSwish", (node, mlx) -> mlx.multiply(node.input(0), hardSigmoid(node.input(0), 1.0 / 6, 0.5, mlx)));
        rules.add("Softplus", (node, mlx) -> softplus(node.input(0), mlx));
        rules.add("Softsign", (node, mlx) -> softsign(node.input(0), mlx));
        rules.add("Mish", (node, mlx) -> mlx.multiply(node.input(0), mlx.tanh(softplus(node.input(0), mlx))));
        rules.add("Swish", (node, mlx) -> {
            Operand x = node.input(0);
            return mlx.multiply(x, mlx.sigmoid(mlx.multiply(x, node.real("alpha", 1))));
        });
        rules.add("com.microsoft.QuickGelu", (node, mlx) -> {
            Operand x = node.input(0);
            return mlx.multiply(x, mlx.sigmoid(mlx.multiply(x, node.real("alpha", 1.702f))));
        });
        rules.add("Gelu", (node, mlx) -> gelu(node.input(0), node.text("approximate", "none"), mlx));
        rules.add("com.microsoft.Gelu", (node, mlx) -> gelu(node.input(0), "none", mlx));
        rules.add(
                "ai.onnx.ml.Binarizer",
                (node, mlx) -> mlx.cast(
                        mlx.greater(node.input(0), node.real("threshold", 0)),
                        node.input(0).dtype()));
        rules.add("Shrink", ActivationRules::shrink);
        rules.add("Clip", ActivationRules::clip);
    }

    static Operand leakyRelu(Operand x, double alpha, Primitives mlx) {
        return mlx.select(mlx.less(x, 0), mlx.multiply(x, alpha), x);
    }

    /** γ·x above 0, γ·α·(eˣ − 1) up to it. */
    static Operand elu(Operand x, double alpha, double gamma, Primitives mlx) {
        Operand low = mlx.multiply(mlx.unary("Expm1", x), alpha);
        Operand made = mlx.select(mlx.greater(x, 0), x, low);
        return gamma == 1 ? made : mlx.multiply(made, gamma);
    }

    private static Operand celu(Operation node, Primitives mlx) {
        double alpha = node.real("alpha", 1);
        Operand x = node.input(0);
        Operand low = mlx.multiply(mlx.unary("Expm1", mlx.divide(x, alpha)), alpha);
        return mlx.add(mlx.maximum(x, 0), mlx.minimum(low, 0));
    }

    static Operand hardSigmoid(Operand x, double alpha, double beta, Primitives mlx) {
        return mlx.minimum(mlx.maximum(mlx.add(mlx.multiply(x, alpha), beta), 0), 1);
    }

    static Operand softplus(Operand x, Primitives mlx) {
        return mlx.binary("LogAddExp", x, mlx.like(x, 0));
    }

    static Operand softsign(Operand x, Primitives mlx) {
        return mlx.divide(x, mlx.add(mlx.abs(x), 1));
    }

    private static Operand gelu(Operand x, String approximate, Primitives mlx) {
        Operand inner = switch (approximate) {
            case "none" -> mlx.unary("Erf", mlx.multiply(x, Math.sqrt(0.5)));
            case "tanh" -> {
                Operand cubic = mlx.multiply(mlx.multiply(mlx.square(x), x), 0.044715);
                yield mlx.tanh(mlx.multiply(mlx.add(x, cubic), Math.sqrt(2 / Math.PI)));
            }
            default -> throw Refusal.of("no GELU is approximated by " + approximate);
        };
        return mlx.multiply(mlx.multiply(x, 0.5), mlx.add(inner, 1));
    }

    private static Operand shrink(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        double lambda = node.real("lambd", 0.5f);
        double bias = node.real("bias", 0);
        Operand zero = mlx.like(x, 0);
        Operand high = mlx.select(mlx.greater(x, lambda), mlx.add(x, -bias), zero);
        return mlx.select(mlx.less(x, -lambda), mlx.add(x, bias), high);
    }

    /** The upper bound wins where the bounds cross. */
    private static Operand clip(Operation node, Primitives mlx) {
        Operand low = bound(node, 1, "min", mlx, mlx::maximum, node.input(0));
        return bound(node, 2, "max", mlx, mlx::minimum, low);
    }

    private static Operand bound(
            Operation node, int input, String name, Primitives mlx, BinaryOperator<Operand> by, Operand x) {
        if (node.has(input)) {
            return by.apply(x, node.input(input));
        }
        return node.hasAttribute(name) ? by.apply(x, mlx.like(x, node.real(name, 0))) : x;
    }
}
