package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.List;

/** QuantizeLinear, DequantizeLinear and DynamicQuantizeLinear. */
final class QuantizationKernels {
    private static final String MICROSOFT = "com.microsoft";

    private QuantizationKernels() {}

    static void register(Kernels kernels) {
        kernels.add("QuantizeLinear", QuantizationKernels::quantize);
        kernels.add("DequantizeLinear", QuantizationKernels::dequantize);
        kernels.add(MICROSOFT, "QuantizeLinear", QuantizationKernels::quantize);
        kernels.add(MICROSOFT, "DequantizeLinear", QuantizationKernels::dequantize);
        kernels.add("DynamicQuantizeLinear", QuantizationKernels::dynamic);
    }

    private static int[] scaleOf(Call call) {
        int block = Math.toIntExact(call.integer("block_size", 0));
        int[] shape = call.array(0).shape();
        return Quantization.scaleOf(call, shape, call.array(1).shape(), call.integer("axis", 1), block);
    }

    /** The quotient is rounded to the scale's precision, because the operator says so, and only then to an integer. */
    private static List<Datum> quantize(Call call) {
        double[] x = Doubles.of(call, 0);
        Array.Reals scale = call.reals(1);
        DType dtype = call.has(2) ? Doubles.dtype(call, 2) : Doubles.dtype(call, "output_dtype", 2);
        if (call.integer("output_dtype", 0) != 0 && Doubles.dtype(call, "output_dtype", 2) != dtype) {
            throw call.malformed("output_dtype is not the zero point's");
        }
        double[] zero = call.has(2) ? Doubles.of(call, 2) : new double[scale.size()];
        DType precision = call.integer("precision", 0) == 0 ? scale.dtype() : Doubles.dtype(call, "precision", 1);
        boolean saturates = call.integer("saturate", 1) == 1;
        int[] from = scaleOf(call);
        double[] y = new double[x.length];
        Arrays.setAll(y, i -> {
            double quotient = Doubles.rounded(precision, x[i] / scale.values()[from[i]]);
            double moved = zero[zero.length == 1 ? 0 : from[i]];
            return dtype.isFloating()
                    ? Quantization.floating(dtype, quotient + moved, saturates)
                    : Quantization.integer(dtype, quotient, moved);
        });
        return List.of(Doubles.datum(dtype, call.array(0).shape(), y));
    }

    private static List<Datum> dequantize(Call call) {
        double[] x = Doubles.of(call, 0);
        Array.Reals scale = call.reals(1);
        double[] zero = call.has(2) ? Doubles.of(call, 2) : new double[scale.size()];
        DType dtype = call.integer("output_dtype", 0) == 0 ? scale.dtype() : Doubles.dtype(call, "output_dtype", 1);
        int[] from = scaleOf(call);
        double[] y = new double[x.length];
        Arrays.setAll(y, i -> (x[i] - zero[zero.length == 1 ? 0 : from[i]]) * scale.values()[from[i]]);
        return List.of(Doubles.datum(dtype, call.array(0).shape(), y));
    }

    /** The range is that of the numbers and 0; the scale is a float32, by which the numbers are divided. */
    private static List<Datum> dynamic(Call call) {
        Array.Reals x = call.reals(0);
        DynamicRange range = DynamicRange.of(x.values());
        double[] y = range.quantized(x.values());
        return List.of(
                Doubles.datum(DType.UINT8, x.shape(), y),
                Datum.of(Array.scalar(DType.FLOAT32, range.scale())),
                Doubles.datum(DType.UINT8, new int[0], new double[] {range.zero()}));
    }
}
