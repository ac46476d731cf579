package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.List;
import java.util.Optional;

/** Activation functions. Defaults of attributes are float32, as ONNX declares them. */
final class ActivationKernels {
    private ActivationKernels() {}

    static void register(Kernels kernels) {
        kernels.add("Relu", call -> {
            if (call.array(0) instanceof Array.Integers integers) {
                return Elementwise.one(Numbers.map(integers, value -> Math.max(value, 0)));
            }
            return Elementwise.one(Elementwise.map(call.reals(0), x -> Math.max(x, 0)));
        });
        kernels.add("Sigmoid", Elementwise.real(Functions::sigmoid));
        kernels.add("Softplus", Elementwise.real(Functions::softplus));
        kernels.add("Softsign", Elementwise.real(x -> x / (1 + Math.abs(x))));
        kernels.add("Mish", Elementwise.real(x -> x * StrictMath.tanh(Functions.softplus(x))));
        kernels.add("HardSwish", Elementwise.real(x -> x * Math.clamp(x / 6 + 0.5, 0, 1)));
        kernels.add("Elu", call -> {
            double alpha = call.real("alpha", 1);
            return map(call, x -> x < 0 ? alpha * StrictMath.expm1(x) : x);
        });
        kernels.add("Celu", call -> {
            double alpha = call.real("alpha", 1);
            return map(call, x -> Math.max(x, 0) + Math.min(0, alpha * StrictMath.expm1(x / alpha)));
        });
        kernels.add("Selu", call -> {
            double alpha = call.real("alpha", call.opset() < 6 ? 1.6732f : 1.6732632f);
            double gamma = call.real("gamma", call.opset() < 6 ? 1.0507f : 1.050701f);
            return map(call, x -> gamma * (x > 0 ? x : alpha * StrictMath.expm1(x)));
        });
        kernels.add("Gelu", call -> {
            boolean tanh = call.text("approximate", "none").equals("tanh");
            return map(call, x -> tanh ? Functions.geluTanh(x) : Functions.gelu(x));
        });
        kernels.add("HardSigmoid", call -> {
            double alpha = call.real("alpha", 0.2f);
            double beta = call.real("beta", 0.5f);
            return map(call, x -> Math.clamp(alpha * x + beta, 0, 1));
        });
        kernels.add("Swish", call -> {
            double alpha = call.real("alpha", 1);
            return map(call, x -> x * Functions.sigmoid(alpha * x));
        });
        kernels.add("LeakyRelu", call -> {
            double alpha = call.real("alpha", 0.01f);
            return map(call, x -> x < 0 ? alpha * x : x);
        });
        kernels.add("ThresholdedRelu", call -> {
            double alpha = call.real("alpha", 1);
            return map(call, x -> x > alpha ? x : 0);
        });
        kernels.add("Shrink", ActivationKernels::shrink);
        kernels.add("PRelu", ActivationKernels::leaky);
        kernels.add("Clip", ActivationKernels::clip);
    }

    private static List<Datum> map(Call call, java.util.function.DoubleUnaryOperator function) {
        return Elementwise.one(Elementwise.map(call.reals(0), function));
    }

    private static List<Datum> shrink(Call call) {
        double bias = call.real("bias", 0);
        double limit = call.real("lambd", 0.5f);
        double[] values = Numbers.doubles(call, call.array(0)).clone();
        for (int i = 0; i < values.length; i++) {
            double x = values[i];
            values[i] = x < -limit ? x + bias : x > limit ? x - bias : 0;
        }
        return Elementwise.one(Numbers.like(call, call.array(0), call.array(0).shape(), values));
    }

    /** Before opset 7 the slope had one element a channel, which is the second axis. */
    private static List<Datum> leaky(Call call) {
        Array slope = call.array(1);
        Array x = call.array(0);
        if (call.opset() < 7 && slope.rank() == 1 && x.rank() > 1 && slope.size() > 1) {
            int[] shape = new int[x.rank() - 1];
            java.util.Arrays.fill(shape, 1);
            shape[0] = slope.size();
            slope = Elements.reshaped(slope, shape);
        }
        return Elementwise.one(Elementwise.combine(
                call,
                x,
                slope,
                (value, by) -> value < 0 ? by * value : value,
                (_, value, by) -> value < 0 ? by * value : value));
    }

    /** Where the bounds cross, the upper one holds. NaN stays NaN. */
    private static List<Datum> clip(Call call) {
        Array x = call.array(0);
        Optional<Array> low = bound(call, 1, "min");
        Optional<Array> high = bound(call, 2, "max");
        if (low.isPresent()) {
            x = ArithmeticKernels.max(call, x, low.get());
        }
        if (high.isPresent()) {
            x = ArithmeticKernels.min(call, x, high.get());
        }
        return Elementwise.one(x);
    }

    private static Optional<Array> bound(Call call, int index, String attribute) {
        if (call.opset() >= 11) {
            return call.optional(index);
        }
        DType dtype = call.reals(0).dtype();
        return call.attribute(attribute) == null
                ? Optional.empty()
                : Optional.of(Array.scalar(dtype, call.real(attribute, 0)));
    }
}
