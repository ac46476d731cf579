package dev.fairlead.model.interpret;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** ONNX Runtime's fused products and activations. */
final class FusedKernels {
    private static final String MICROSOFT = "com.microsoft";

    private FusedKernels() {}

    static void register(Kernels kernels) {
        kernels.add(MICROSOFT, "FusedMatMul", FusedKernels::matMul);
        kernels.add(MICROSOFT, "TransposeMatMul", FusedKernels::matMul);
        kernels.add(MICROSOFT, "Gelu", call -> biased(call, Functions::gelu));
        kernels.add(MICROSOFT, "BiasGelu", call -> biased(call, Functions::gelu));
        kernels.add(MICROSOFT, "FastGelu", call -> biased(call, Functions::geluTanh));
        kernels.add(MICROSOFT, "QuickGelu", FusedKernels::quickGelu);
    }

    private static List<Datum> matMul(Call call) {
        if (call.integer("transBatchA", 0) != 0 || call.integer("transBatchB", 0) != 0) {
            throw call.unsupported("products of transposed batches");
        }
        Array a = call.integer("transA", 0) == 0 ? call.reals(0) : transposed(call.reals(0));
        Array b = call.integer("transB", 0) == 0 ? call.reals(1) : transposed(call.reals(1));
        Array product = MatrixKernels.matmul(call, a, b);
        double alpha = call.real("alpha", 1);
        double[] y = Arrays.stream(Numbers.doubles(call, product))
                .map(value -> alpha * value)
                .toArray();
        return List.of(Doubles.datum(call.reals(0).dtype(), product.shape(), y));
    }

    /** With the last two axes swapped; a vector stays as it is. */
    static Array transposed(Array array) {
        int rank = array.rank();
        int[] order = Shapes.all(rank);
        if (rank > 1) {
            order[rank - 1] = rank - 2;
            order[rank - 2] = rank - 1;
        }
        return ShapeKernels.permuted(array, order);
    }

    /** An optional second input is added first, along the last axis. */
    private static List<Datum> biased(Call call, DoubleUnaryOperator function) {
        Array.Reals x = call.reals(0);
        double[] bias = call.has(1) ? call.reals(1).values() : new double[] {0};
        double[] y = new double[x.size()];
        Arrays.setAll(y, i -> function.applyAsDouble(x.values()[i] + bias[i % bias.length]));
        return List.of(Doubles.datum(x.dtype(), x.shape(), y));
    }

    private static List<Datum> quickGelu(Call call) {
        double alpha = call.real("alpha", 1.702f);
        return biased(call, x -> x * Functions.sigmoid(alpha * x));
    }
}
