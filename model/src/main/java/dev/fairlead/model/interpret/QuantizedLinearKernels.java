package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.List;

/** QLinearConv, QLinearMatMul and MatMulInteger: exact sums of products of 8-bit numbers, scaled and rounded once. */
final class QuantizedLinearKernels {
    private QuantizedLinearKernels() {}

    static void register(Kernels kernels) {
        kernels.add("QLinearConv", QuantizedLinearKernels::conv);
        kernels.add("QLinearMatMul", QuantizedLinearKernels::matMul);
        kernels.add("MatMulInteger", QuantizedLinearKernels::integers);
    }

    /** Inputs: x, its scale and zero point, w, its scale and zero point, those of y, bias in units of both scales. */
    private static List<Datum> conv(Call call) {
        int[] x = call.array(0).shape();
        int[] w = call.array(3).shape();
        double[] shifted = ConvolutionKernels.minus(call, Doubles.of(call, 0), 2, 1, 1);
        double[] weights = ConvolutionKernels.minus(call, Doubles.of(call, 3), 5, Array.size(w) / w[0], w[0]);
        Window window = ConvolutionKernels.window(call, x, w);
        double[] sums = ConvolutionKernels.convolve(call, shifted, x, weights, w, window);
        double[] bias = call.has(8) ? Doubles.of(call, 8) : new double[w[0]];
        double[] weightScale = call.reals(4).values();
        double xScale = call.reals(1).values()[0];
        double yScale = call.reals(6).values()[0];
        double zero = call.has(7) ? Doubles.of(call, 7)[0] : 0;
        DType dtype = Doubles.dtype(call, 7);
        int places = Array.size(window.output());
        double[] y = new double[sums.length];
        Arrays.setAll(y, i -> {
            int m = i / places % w[0];
            double scale = xScale * weightScale[weightScale.length == 1 ? 0 : m];
            return Quantization.integer(dtype, (sums[i] + bias[m]) * scale / yScale, zero);
        });
        return List.of(Doubles.datum(dtype, ConvolutionKernels.shape(x, w[0], window), y));
    }

    /** Inputs: a, its scale and zero point, b, its scale and zero point, those of y. */
    private static List<Datum> matMul(Call call) {
        Array.Reals product = product(call, shifted(call, 0, 2, Side.ROWS), shifted(call, 3, 5, Side.COLUMNS));
        int[] aScaleOf = along(call, 1, product.shape(), Side.ROWS);
        int[] bScaleOf = along(call, 4, product.shape(), Side.COLUMNS);
        double[] aScale = call.reals(1).values();
        double[] bScale = call.reals(4).values();
        DType dtype = Doubles.dtype(call, 7);
        double[] scale = call.reals(6).values();
        double[] zero = Doubles.of(call, 7);
        double[] y = new double[product.values().length];
        int columns = product.shape().length == 0 ? 1 : product.shape()[product.shape().length - 1];
        int rows = product.shape().length < 2 ? 1 : product.shape()[product.shape().length - 2];
        Arrays.setAll(y, i -> {
            int at = scale.length == 1 ? 0 : scale.length == rows ? i / columns % rows : i;
            double value = product.values()[i] * (aScale[aScaleOf[i]] * bScale[bScaleOf[i]]) / scale[at];
            return dtype.isFloating()
                    ? Quantization.floating(dtype, value + zero[zero.length == 1 ? 0 : at], true)
                    : Quantization.integer(dtype, value, zero[zero.length == 1 ? 0 : at]);
        });
        return List.of(Doubles.datum(dtype, product.shape(), y));
    }

    private static List<Datum> integers(Call call) {
        Array.Reals product = product(call, shifted(call, 0, 2, Side.ROWS), shifted(call, 1, 3, Side.COLUMNS));
        return List.of(Doubles.datum(DType.INT32, product.shape(), product.values()));
    }

    /** What a vector of zero points or scales belongs to. */
    private enum Side {
        ROWS,
        COLUMNS
    }

    private static Array.Reals product(Call call, Array.Reals a, Array.Reals b) {
        Array product = MatrixKernels.matmul(call, a, b);
        return new Array.Reals(DType.FLOAT64, product.shape(), Numbers.doubles(call, product));
    }

    private static Array.Reals shifted(Call call, int index, int zero, Side side) {
        int[] shape = call.array(index).shape();
        double[] values = Doubles.of(call, index).clone();
        if (call.has(zero)) {
            int[] from = along(call, zero, shape, side);
            double[] zeros = Doubles.of(call, zero);
            for (int i = 0; i < values.length; i++) {
                values[i] -= zeros[from[i]];
            }
        }
        return new Array.Reals(DType.FLOAT64, shape, values);
    }

    private static int[] along(Call call, int index, int[] shape, Side side) {
        int[] own = call.array(index).shape();
        boolean rows = own.length == 1 && own[0] > 1 && side == Side.ROWS && shape.length > 1;
        return Position.broadcast(call, rows ? new int[] {own[0], 1} : own, shape);
    }
}
