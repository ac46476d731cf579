package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/** Activation functions. */
final class ActivationRules {
    private ActivationRules() {}

    static void register(Rules rules) {
        rules.add("Relu", (call, mil) -> call.result(relu(call.in(0), mil)));
        rules.add("LeakyRelu", (call, mil) -> call.result(leaky(call.in(0), call.real("alpha", 0.01), mil)));
        rules.add("Elu", (call, mil) -> call.result(elu(call.in(0), call.real("alpha", 1), mil)));
        rules.add("Selu", ActivationRules::selu);
        rules.add("Celu", ActivationRules::celu);
        rules.add("Sigmoid", (call, mil) -> call.result(mil.unary("sigmoid", call.in(0))));
        rules.add(
                "HardSigmoid",
                (call, mil) ->
                        call.result(hardSigmoid(call.in(0), call.real("alpha", 0.2), call.real("beta", 0.5), mil)));
        rules.add(
                "HardSwish",
                (call, mil) -> call.result(mil.mul(call.in(0), hardSigmoid(call.in(0), 1 / 6.0, 0.5, mil))));
        rules.add("Softplus", (call, mil) -> call.result(mil.unary("softplus", call.in(0))));
        rules.add("Softsign", (call, mil) -> call.result(mil.unary("softsign", call.in(0))));
        rules.add("ThresholdedRelu", ActivationRules::thresholded);
        rules.add("Shrink", ActivationRules::shrink);
        rules.add("Swish", ActivationRules::swish);
        rules.add(
                "Mish",
                (call, mil) -> call.result(mil.mul(call.in(0), mil.unary("tanh", mil.unary("softplus", call.in(0))))));
        rules.add("Gelu", ActivationRules::gelu);
        rules.add("com.microsoft.Gelu", (call, mil) -> call.result(gelu(call.in(0), "EXACT", mil)));
        rules.add("com.microsoft.FastGelu", ActivationRules::fastGelu);
        rules.add("com.microsoft.QuickGelu", ActivationRules::quickGelu);
        rules.add("Clip", ActivationRules::clip);
        rules.add("Dropout", ActivationRules::dropout);
        rules.add("ai.onnx.ml.Binarizer", ActivationRules::binarizer);
        rules.add("Softmax", (call, mil) -> call.result(alongAxis(call, ActivationRules::softmax, mil)));
        rules.add("LogSoftmax", (call, mil) -> call.result(alongAxis(call, ActivationRules::logSoftmax, mil)));
    }

    /** A function of rows along an axis. */
    private interface Rows {
        Var apply(Var x, int axis, Mil mil);
    }

    static Var relu(Var x, Mil mil) {
        return x.isReal() ? mil.unary("relu", x) : mil.max(x, mil.like(x, 0));
    }

    static Var leaky(Var x, double alpha, Mil mil) {
        return mil.unary("leaky_relu", x, "alpha", mil.like(x, alpha));
    }

    static Var elu(Var x, double alpha, Mil mil) {
        return mil.unary("elu", x, "alpha", mil.like(x, alpha));
    }

    static Var hardSigmoid(Var x, double alpha, double beta, Mil mil) {
        return mil.unary("sigmoid_hard", x, "alpha", mil.like(x, alpha), "beta", mil.like(x, beta));
    }

    private static void selu(Call call, Mil mil) {
        Var x = call.in(0);
        double alpha = call.real("alpha", 1.6732632f);
        double gamma = call.real("gamma", 1.050701f);
        call.result(mil.mul(elu(x, alpha, mil), mil.like(x, gamma)));
    }

    /** max(0, x) + min(0, α(e^(x/α) − 1)). */
    private static void celu(Call call, Mil mil) {
        Var x = call.in(0);
        double alpha = call.real("alpha", 1);
        Var below = elu(mil.min(mil.div(x, mil.like(x, alpha)), mil.like(x, 0)), 1, mil);
        call.result(mil.add(mil.unary("relu", x), mil.mul(below, mil.like(x, alpha))));
    }

    private static void thresholded(Call call, Mil mil) {
        Var x = call.in(0);
        Var above = mil.greater(x, mil.like(x, call.real("alpha", 1)));
        call.result(mil.select(above, x, mil.like(x, 0)));
    }

    private static void shrink(Call call, Mil mil) {
        Var x = call.in(0);
        double bias = call.real("bias", 0);
        double lambd = call.real("lambd", 0.5);
        Var upper = mil.select(mil.greater(x, mil.like(x, lambd)), mil.sub(x, mil.like(x, bias)), mil.like(x, 0));
        call.result(mil.select(mil.less(x, mil.like(x, -lambd)), mil.add(x, mil.like(x, bias)), upper));
    }

    private static void swish(Call call, Mil mil) {
        Var x = call.in(0);
        call.result(gated(x, call.real("alpha", 1), mil));
    }

    /** x·σ(αx). */
    private static Var gated(Var x, double alpha, Mil mil) {
        Var scaled = alpha == 1 ? x : mil.mul(x, mil.like(x, alpha));
        return mil.mul(x, mil.unary("sigmoid", scaled));
    }

    private static void quickGelu(Call call, Mil mil) {
        call.result(gated(call.in(0), call.real("alpha", 1.702), mil));
    }

    private static void gelu(Call call, Mil mil) {
        boolean tanh = call.text("approximate", "none").equals("tanh");
        call.result(gelu(call.in(0), tanh ? "TANH_APPROXIMATION" : "EXACT", mil));
    }

    private static Var gelu(Var x, String mode, Mil mil) {
        return mil.unary("gelu", x, "mode", mil.text(mode));
    }

    private static void fastGelu(Call call, Mil mil) {
        Var x = call.in(0);
        Var biased = call.has(1) ? mil.add(x, call.in(1)) : x;
        call.result(gelu(biased, "TANH_APPROXIMATION", mil));
    }

    /** Bounds may be computed, so this is a maximum and a minimum; MIL's clip wants constants. */
    private static void clip(Call call, Mil mil) {
        Var x = call.in(0);
        Optional<Var> low;
        Optional<Var> high;
        if (call.opset() < 11) {
            low = call.attribute("min") == null ? Optional.empty() : Optional.of(mil.like(x, call.real("min", 0)));
            high = call.attribute("max") == null ? Optional.empty() : Optional.of(mil.like(x, call.real("max", 0)));
        } else {
            low = call.optional(1);
            high = call.optional(2);
        }
        Var made = x;
        if (low.isPresent()) {
            made = mil.max(made, low.get());
        }
        if (high.isPresent()) {
            made = mil.min(made, high.get());
        }
        call.result(made, call.declared(0));
    }

    /** Nothing is dropped when a model runs. Training mode is random and refused unless its ratio is 0. */
    private static void dropout(Call call, Mil mil) {
        if (call.opset() >= 12 && call.has(2)) {
            boolean training = call.constant(2, "training_mode").longAt(0) != 0;
            double ratio = call.has(1) ? call.constant(1, "ratio").doubleAt(0) : 0.5;
            if (training && ratio != 0) {
                throw Refusals.unsupported("random numbers that MIL does not make the same way");
            }
        }
        if (call.opset() < 7 && call.integer("is_test", 0) == 0 && call.opset() < 6) {
            throw Refusals.unsupported("a dropout of training");
        }
        Var x = call.in(0);
        call.result(x, call.declared(0));
        if (call.wants(1)) {
            Tensor mask =
                    Tensor.allocate(DType.BOOL, Arrays.stream(x.sizes()).boxed().toList());
            for (long i = 0; i < mask.elements(); i++) {
                mask.set(i, 1L);
            }
            call.result(1, mask);
        }
    }

    private static void binarizer(Call call, Mil mil) {
        Var x = call.in(0);
        Var above = mil.greater(x, mil.like(x, call.real("threshold", 0)));
        call.result(mil.cast(above, x.element()), call.declared(0));
    }

    /** Before opset 13 the sizes from the axis on are one row. */
    private static Var alongAxis(Call call, Rows rows, Mil mil) {
        Var x = call.in(0);
        boolean flat = call.opset() < 13;
        int axis = x.axis(call.integer("axis", flat ? 1 : -1));
        // Where nothing but ones follows the axis, both meanings are one.
        if (!flat || x.shape().subList(axis + 1, x.rank()).stream().allMatch(Shapes::isOne)) {
            return rows.apply(x, axis, mil);
        }
        return mil.reshape(rows.apply(ShapeRules.flattened(x, axis, mil), 1, mil), x.sizes());
    }

    private static Var softmax(Var x, int axis, Mil mil) {
        return mil.softmax(x, axis);
    }

    /** x − max − ln Σ e^(x − max). */
    static Var logSoftmax(Var x, int axis, Mil mil) {
        Var shifted = mil.sub(x, mil.reduce("reduce_max", x, new int[] {axis}, true));
        return mil.sub(shifted, mil.log(mil.sum(mil.exp(shifted), axis)));
    }
}
