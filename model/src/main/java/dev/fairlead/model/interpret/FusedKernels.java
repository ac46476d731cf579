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
        kernels.add(MICROSOFT, "Gelu", call -> biased(call, ErrorFunction::gelu));
        kernels.add(MICROSOFT, "BiasGelu", call -> biased(call, ErrorFunction::gelu));
        kernels.add(MICROSOFT, "FastGelu", call -> biased(call, FusedKernels::tanhGelu));
        kernels.add(MICROSOFT, "QuickGelu", FusedKernels::quickGelu);
    }

    private static List<Datum> matMul(Call call) {
        if (call.integer("transBatchA", 0) != 0 || call.integer("transBatchB", 0) != 0) {
            throw call.unsupported("products of transposed batches");
        }
        Matrices a = Matrices.of(call, 0);
        Matrices b = Matrices.of(call, 1);
        Matrices product = (call.integer("transA", 0) == 0 ? a : a.transposed())
                .times(call, call.integer("transB", 0) == 0 ? b : b.transposed());
        double alpha = call.real("alpha", 1);
        double[] y = Arrays.stream(product.values()).map(value -> alpha * value).toArray();
        return List.of(Doubles.datum(call.reals(0).dtype(), product.shape(), y));
    }

    /** An optional second input is added first, along the last axis. */
    private static List<Datum> biased(Call call, DoubleUnaryOperator function) {
        Array.Reals x = call.reals(0);
        double[] bias = call.has(1) ? call.reals(1).values() : new double[] {0};
        double[] y = new double[x.size()];
        Arrays.setAll(y, i -> function.applyAsDouble(x.values()[i] + bias[i % bias.length]));
        return List.of(Doubles.datum(x.dtype(), x.shape(), y));
    }

    private static double tanhGelu(double x) {
        return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    private static List<Datum> quickGelu(Call call) {
        double alpha = call.real("alpha", 1.702f);
        return biased(call, x -> x * Activation.sigmoid(alpha * x));
    }
}
