package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** ONNX Runtime's operators that go from 8 bits to 8 bits: what they compute between is not rounded. */
final class QuantizedElementwiseKernels {
    private static final String MICROSOFT = "com.microsoft";

    private QuantizedElementwiseKernels() {}

    static void register(Kernels kernels) {
        kernels.add(MICROSOFT, "QLinearAdd", call -> binary(call, Double::sum));
        kernels.add(MICROSOFT, "QLinearMul", call -> binary(call, (a, b) -> a * b));
        kernels.add(MICROSOFT, "QLinearSigmoid", call -> unary(call, Functions::sigmoid));
        kernels.add(MICROSOFT, "QLinearLeakyRelu", call -> {
            double alpha = call.real("alpha", 0.01f);
            return unary(call, x -> x < 0 ? alpha * x : x);
        });
        kernels.add(MICROSOFT, "QLinearGlobalAveragePool", QuantizedElementwiseKernels::globalAverage);
    }

    /** Inputs: A, its scale and zero point, B, its scale and zero point, those of C. */
    private static List<Datum> binary(Call call, DoubleBinaryOperator function) {
        double[] a = real(call, 0);
        double[] b = real(call, 3);
        int[] shape =
                Shapes.broadcast(call, call.array(0).shape(), call.array(3).shape());
        int[] first = Position.broadcast(call, call.array(0).shape(), shape);
        int[] second = Position.broadcast(call, call.array(3).shape(), shape);
        double[] y = new double[first.length];
        Arrays.setAll(y, i -> function.applyAsDouble(a[first[i]], b[second[i]]));
        return List.of(quantized(call, shape, y, 6));
    }

    /** Inputs: X, its scale and zero point, those of Y. */
    private static List<Datum> unary(Call call, DoubleUnaryOperator function) {
        double[] y = Arrays.stream(real(call, 0)).map(function).toArray();
        return List.of(quantized(call, call.array(0).shape(), y, 3));
    }

    private static List<Datum> globalAverage(Call call) {
        double[] x = real(call, 0);
        int[] shape = call.array(0).shape();
        boolean last = call.integer("channels_last", 0) == 1;
        int channels = shape[last ? shape.length - 1 : 1];
        int cells = x.length / Math.max(shape[0] * channels, 1);
        int[] pooled = Position.filled(shape.length, 1);
        pooled[0] = shape[0];
        pooled[last ? shape.length - 1 : 1] = channels;
        double[] y = new double[shape[0] * channels];
        for (int i = 0; i < x.length; i++) {
            int channel = last ? i % channels : i / cells % channels;
            y[i / (cells * channels) * channels + channel] += x[i] / cells;
        }
        return List.of(quantized(call, pooled, y, 3));
    }

    private static double[] real(Call call, int index) {
        double scale = call.reals(index + 1).values()[0];
        double zero = call.has(index + 2) ? Doubles.of(call, index + 2)[0] : 0;
        return Arrays.stream(Doubles.of(call, index))
                .map(value -> (value - zero) * scale)
                .toArray();
    }

    private static Datum quantized(Call call, int[] shape, double[] values, int scale) {
        double step = call.reals(scale).values()[0];
        double zero = call.has(scale + 1) ? Doubles.of(call, scale + 1)[0] : 0;
        DType dtype = Doubles.dtype(call, 0);
        double[] y = Arrays.stream(values)
                .map(value -> Quantization.integer(dtype, value / step, zero))
                .toArray();
        return Doubles.datum(dtype, shape, y);
    }
}
