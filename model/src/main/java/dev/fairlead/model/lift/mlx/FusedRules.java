package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import java.util.List;

/** Primitives that MLX traces whole on a GPU stream only; on a CPU stream it traces their parts. */
final class FusedRules {
    private FusedRules() {}

    static void register(Rules rules) {
        rules.add("RMSNorm", 1, 1, FusedRules::rmsNorm);
        rules.add("LayerNorm", 1, 1, FusedRules::layerNorm);
    }

    /** MLX normalises in float32, rounds to the input's type, then multiplies by the weight. */
    private static void rmsNorm(MlxNode node, Emitter out) {
        DType dtype = node.output().dtype();
        String x = wide(node.input(0), out);
        String normal = normalised(x, node.real(0), computing(dtype), out);
        out.result(node.output(), "Mul", narrow(normal, dtype, out), out.of(node.input(1)));
    }

    private static void layerNorm(MlxNode node, Emitter out) {
        DType dtype = node.output().dtype();
        String x = wide(node.input(0), out);
        String centred = out.inner("Sub", x, mean(x, out));
        String normal = normalised(centred, node.real(0), computing(dtype), out);
        String scaled = out.inner("Mul", normal, wide(node.input(1), out));
        String shifted = out.inner("Add", scaled, wide(node.input(2), out));
        if (computing(dtype) == dtype) {
            out.result(node.output(), "Identity", shifted);
        } else {
            out.result(node.output(), "Cast", Casts.to(dtype), shifted);
        }
    }

    private static String normalised(String x, double epsilon, DType dtype, Emitter out) {
        String variance = mean(out.inner("Mul", x, x), out);
        String root = out.inner("Sqrt", out.inner("Add", variance, out.scalar(dtype, epsilon)));
        return out.inner("Div", x, root);
    }

    private static String mean(String x, Emitter out) {
        return out.inner("ReduceMean", Attributes.of("keepdims", 1), x, out.integers(List.of(-1)));
    }

    private static DType computing(DType dtype) {
        return dtype.bytes() < DType.FLOAT32.bytes() ? DType.FLOAT32 : dtype;
    }

    private static String wide(MlxValue value, Emitter out) {
        DType wide = computing(value.dtype());
        return wide == value.dtype() ? out.of(value) : out.inner("Cast", Casts.to(wide), out.of(value));
    }

    private static String narrow(String value, DType dtype, Emitter out) {
        return computing(dtype) == dtype ? value : out.inner("Cast", Casts.to(dtype), value);
    }
}
