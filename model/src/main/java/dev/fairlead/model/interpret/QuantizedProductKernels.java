package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.List;

/** ONNX Runtime's products of 8-bit matrices whose result is, or may be, floating. */
final class QuantizedProductKernels {
    private static final String MICROSOFT = "com.microsoft";

    private QuantizedProductKernels() {}

    static void register(Kernels kernels) {
        kernels.add(MICROSOFT, "MatMulIntegerToFloat", QuantizedProductKernels::toFloat);
        kernels.add(MICROSOFT, "DynamicQuantizeMatMul", QuantizedProductKernels::dynamic);
        kernels.add(MICROSOFT, "QGemm", QuantizedProductKernels::gemm);
    }

    /** Inputs: A, B, the scales of A and B, their zero points, bias. */
    private static List<Datum> toFloat(Call call) {
        Array.Reals a = shifted(call, 0, call.has(4) ? Doubles.of(call, 4) : new double[1]);
        Array.Reals b = shifted(call, 1, call.has(5) ? Doubles.of(call, 5) : new double[1]);
        Array.Reals product = product(call, a, b);
        double[] y = scaled(product, call.reals(2).values(), call.reals(3).values());
        return List.of(Doubles.datum(call.reals(2).dtype(), product.shape(), biased(call, y, 6)));
    }

    /** Inputs: A, B, the scale and zero point of B, bias; A becomes uint8 as by DynamicQuantizeLinear. */
    private static List<Datum> dynamic(Call call) {
        Array.Reals a = call.reals(0);
        DynamicRange range = DynamicRange.of(a.values());
        double[] quantized = range.quantized(a.values());
        Array.Reals left = new Array.Reals(
                DType.FLOAT64,
                a.shape(),
                Arrays.stream(quantized).map(value -> value - range.zero()).toArray());
        Array.Reals b = shifted(call, 1, call.has(3) ? Doubles.of(call, 3) : new double[1]);
        Array.Reals product = product(call, left, b);
        double[] y = scaled(product, new double[] {range.scale()}, call.reals(2).values());
        return List.of(Doubles.datum(a.dtype(), product.shape(), biased(call, y, 4)));
    }

    /** Inputs: A, its scale and zero point, B, its scale and zero point, C in units of the product, those of Y if it is quantised. */
    private static List<Datum> gemm(Call call) {
        Array.Reals a = shifted(call, 0, Doubles.of(call, 2));
        double[] zeros = Doubles.of(call, 5);
        Array b = call.integer("transB", 0) == 0 ? shifted(call, 3, zeros) : turned(call, zeros);
        Array.Reals product = product(call, call.integer("transA", 0) == 0 ? a : FusedKernels.transposed(a), b);
        double[] sums = product.values().clone();
        if (call.has(6)) {
            double[] c = Doubles.of(call, 6);
            int[] from = Position.broadcast(call, call.array(6).shape(), product.shape());
            Arrays.setAll(sums, i -> product.values()[i] + c[from[i]]);
        }
        double alpha = call.real("alpha", 1);
        double[] scale = Arrays.stream(call.reals(1).values())
                .map(value -> alpha * value)
                .toArray();
        double[] y = scaled(
                new Array.Reals(DType.FLOAT64, product.shape(), sums),
                scale,
                call.reals(4).values());
        if (!call.has(7)) {
            return List.of(Doubles.datum(DType.FLOAT32, product.shape(), y));
        }
        double step = call.reals(7).values()[0];
        double zero = Doubles.of(call, 8)[0];
        DType dtype = Doubles.dtype(call, 8);
        double[] quantized = Arrays.stream(y)
                .map(value -> Quantization.integer(dtype, value / step, zero))
                .toArray();
        return List.of(Doubles.datum(dtype, product.shape(), quantized));
    }

    /** B with its rows as columns, whose zero points are still those of what become columns. */
    private static Array turned(Call call, double[] zeros) {
        int inner = call.array(3).shape()[1];
        double[] values = Doubles.of(call, 3).clone();
        for (int i = 0; i < values.length; i++) {
            values[i] -= zeros[zeros.length == 1 ? 0 : i / inner];
        }
        return FusedKernels.transposed(
                new Array.Reals(DType.FLOAT64, call.array(3).shape(), values));
    }

    /** Without zero points, which are one or one for each column. */
    private static Array.Reals shifted(Call call, int index, double[] zeros) {
        double[] values = Doubles.of(call, index).clone();
        for (int i = 0; i < values.length; i++) {
            values[i] -= zeros[i % zeros.length];
        }
        return new Array.Reals(DType.FLOAT64, call.array(index).shape(), values);
    }

    private static Array.Reals product(Call call, Array a, Array b) {
        Array product = MatrixKernels.matmul(call, a, b);
        return new Array.Reals(DType.FLOAT64, product.shape(), Numbers.doubles(call, product));
    }

    private static double[] scaled(Array.Reals product, double[] a, double[] b) {
        double[] y = new double[product.size()];
        Arrays.setAll(y, i -> product.values()[i] * a[0] * b[i % b.length]);
        return y;
    }

    private static double[] biased(Call call, double[] y, int index) {
        if (!call.has(index)) {
            return y;
        }
        double[] bias = call.reals(index).values();
        double[] sums = new double[y.length];
        Arrays.setAll(sums, i -> y[i] + bias[i % bias.length]);
        return sums;
    }
}
