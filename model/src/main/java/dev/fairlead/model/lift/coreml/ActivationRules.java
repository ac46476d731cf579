package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Activations. */
final class ActivationRules {
    private static final Map<String, String> DIRECT = Map.of(
            "relu", "Relu",
            "sigmoid", "Sigmoid",
            "softplus", "Softplus",
            "softsign", "Softsign");

    private ActivationRules() {}

    static void register(Rules rules) {
        DIRECT.forEach((operation, onnx) -> rules.add(operation, (call, out) -> out.result(onnx, x(call, out))));
        rules.add("relu6", ActivationRules::relu6);
        rules.add(
                "leaky_relu",
                (call, out) -> out.result("LeakyRelu", Attributes.real("alpha", call.real("alpha")), x(call, out)));
        rules.add("elu", (call, out) -> out.result("Elu", Attributes.real("alpha", call.real("alpha")), x(call, out)));
        rules.add("gelu", ActivationRules::gelu);
        rules.add("silu", (call, out) -> out.result("Mul", x(call, out), out.inner("Sigmoid", x(call, out))));
        rules.add("clamped_relu", ActivationRules::clampedRelu);
        rules.add(
                "linear_activation",
                (call, out) -> out.result(
                        "Add", out.inner("Mul", x(call, out), scalar(call, out, "alpha")), scalar(call, out, "beta")));
        rules.add("prelu", (call, out) -> out.result("PRelu", x(call, out), channels(call, out, "alpha")));
        rules.add(
                "scaled_tanh",
                (call, out) -> out.result(
                        "Mul",
                        scalar(call, out, "alpha"),
                        out.inner("Tanh", out.inner("Mul", x(call, out), scalar(call, out, "beta")))));
        rules.add(
                "sigmoid_hard",
                (call, out) -> out.result(
                        "HardSigmoid",
                        Attributes.all(
                                Attributes.real("alpha", call.real("alpha")),
                                Attributes.real("beta", call.real("beta"))),
                        x(call, out)));
        rules.add(
                "softplus_parametric",
                (call, out) -> out.result(
                        "Mul",
                        channels(call, out, "alpha"),
                        out.inner("Softplus", out.inner("Mul", x(call, out), channels(call, out, "beta")))));
        rules.add("softmax", ActivationRules::softmax);
        rules.add("thresholded_relu", ActivationRules::thresholdedRelu);
    }

    private static String x(Invocation call, Emitter out) {
        return out.of(call.get("x"));
    }

    private static String scalar(Invocation call, Emitter out, String name) {
        return out.scalar(call.outputDtype(), call.real(name));
    }

    /** A vector of one number a channel, shaped to broadcast along the second axis. */
    private static String channels(Invocation call, Emitter out, String name) {
        Operand vector = call.get(name);
        List<Long> axes = new ArrayList<>();
        for (long axis = 1; axis < call.rank(call.get("x")) - 1L; axis++) {
            axes.add(axis);
        }
        String typed = out.as(vector, call.outputDtype());
        return axes.isEmpty() ? typed : out.inner("Unsqueeze", typed, out.integers(axes));
    }

    private static void relu6(Invocation call, Emitter out) {
        DType dtype = call.outputDtype();
        out.result("Clip", x(call, out), out.scalar(dtype, 0), out.scalar(dtype, 6));
    }

    private static void gelu(Invocation call, Emitter out) {
        String mode = call.text("mode", "EXACT");
        switch (mode) {
            case "EXACT" -> out.result("Gelu", x(call, out));
            case "TANH_APPROXIMATION" -> out.result("Gelu", Attributes.text("approximate", "tanh"), x(call, out));
            case "SIGMOID_APPROXIMATION" ->
                out.result(
                        "Mul",
                        x(call, out),
                        out.inner("Sigmoid", out.inner("Mul", x(call, out), out.scalar(call.outputDtype(), 1.702))));
            default -> throw call.malformed("mode", mode + " is no mode");
        }
    }

    /** {@code min(beta, x)} from zero on, {@code min(beta, alpha · x)} below. */
    private static void clampedRelu(Invocation call, Emitter out) {
        String leaky = out.inner("LeakyRelu", Attributes.real("alpha", call.real("alpha")), x(call, out));
        out.result("Min", leaky, scalar(call, out, "beta"));
    }

    private static void softmax(Invocation call, Emitter out) {
        int axis = call.axis("axis", -1, call.rank(call.get("x")));
        out.result("Softmax", Attributes.of("axis", axis), x(call, out));
    }

    /** ONNX' own keeps what is greater than alpha, MIL's what is alpha, too. */
    private static void thresholdedRelu(Invocation call, Emitter out) {
        String kept = out.inner("GreaterOrEqual", x(call, out), scalar(call, out, "alpha"));
        out.result("Where", kept, x(call, out), out.scalar(call.outputDtype(), 0));
    }
}
