package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
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
        kernels.add(MICROSOFT, "QLinearConcat", QuantizedElementwiseKernels::concat);
        kernels.add(MICROSOFT, "QLinearWhere", QuantizedElementwiseKernels::where);
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
        return List.of(quantized(call, shape, y, 6, Doubles.dtype(call, 0)));
    }

    /** Inputs: X, its scale and zero point, those of Y. */
    private static List<Datum> unary(Call call, DoubleUnaryOperator function) {
        double[] y = Arrays.stream(real(call, 0)).map(function).toArray();
        return List.of(quantized(call, call.array(0).shape(), y, 3, Doubles.dtype(call, 0)));
    }

    /** Inputs: the scale and zero point of Y, then each part with its scale and zero point. */
    private static List<Datum> concat(Call call) {
        List<Array> parts = new ArrayList<>();
        for (int index = 2; index < call.inputs(); index += 3) {
            parts.add(new Array.Reals(DType.FLOAT64, call.array(index).shape(), real(call, index)));
        }
        int axis = Shapes.axis(call, call.integer("axis"), parts.getFirst().rank());
        Array joined = Elements.concat(call, parts, axis);
        return List.of(quantized(call, joined.shape(), Numbers.doubles(call, joined), 0, Doubles.dtype(call, 1)));
    }

    /** Inputs: condition, X, its scale and zero point, Y, its scale and zero point, those of Z. */
    private static List<Datum> where(Call call) {
        double[] x = real(call, 1);
        double[] y = real(call, 4);
        long[] condition = call.integers(0).values();
        int[] shape = Shapes.broadcast(
                call,
                call.array(0).shape(),
                call.array(1).shape(),
                call.array(4).shape());
        int[] chosen = Shapes.broadcastIndices(call.array(0).shape(), shape);
        int[] first = Shapes.broadcastIndices(call.array(1).shape(), shape);
        int[] second = Shapes.broadcastIndices(call.array(4).shape(), shape);
        double[] z = new double[chosen.length];
        Arrays.setAll(z, i -> condition[chosen[i]] != 0 ? x[first[i]] : y[second[i]]);
        return List.of(quantized(call, shape, z, 7, Doubles.dtype(call, 1)));
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
        return List.of(quantized(call, pooled, y, 3, Doubles.dtype(call, 0)));
    }

    private static double[] real(Call call, int index) {
        double scale = call.reals(index + 1).values()[0];
        double zero = call.has(index + 2) ? Doubles.of(call, index + 2)[0] : 0;
        return Arrays.stream(Doubles.of(call, index))
                .map(value -> (value - zero) * scale)
                .toArray();
    }

    private static Datum quantized(Call call, int[] shape, double[] values, int scale, DType dtype) {
        double step = call.reals(scale).values()[0];
        double zero = call.has(scale + 1) ? Doubles.of(call, scale + 1)[0] : 0;
        double[] y = Arrays.stream(values)
                .map(value -> Quantization.integer(dtype, value / step, zero))
                .toArray();
        return Doubles.datum(dtype, shape, y);
    }
}
