package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import java.util.List;

/** Normalisations that MLX traces whole on a GPU stream only; on a CPU stream it traces their parts. */
final class FusedRules {
    private FusedRules() {}

    static void register(Rules rules) {
        rules.add("RMSNorm", 1, 2, FusedRules::rmsNorm);
        rules.add("LayerNorm", 1, 2, FusedRules::layerNorm);
    }

    /** MLX normalises in float32, rounds to the input's type, then multiplies by the weight. */
    private static void rmsNorm(MlxNode node, Emitter out) {
        DType dtype = node.output().dtype();
        DType wide = Widths.ofHalves(dtype);
        String x = out.cast(out.of(node.input(0)), dtype, wide);
        String normal = out.cast(normalised(x, node.real(0), wide, out), wide, dtype);
        if (isAbsent(node.input(1))) {
            out.result(node.output(), "Identity", normal);
        } else {
            out.result(node.output(), "Mul", normal, out.of(node.input(1)));
        }
    }

    private static void layerNorm(MlxNode node, Emitter out) {
        DType dtype = node.output().dtype();
        DType wide = Widths.ofHalves(dtype);
        String x = out.cast(out.of(node.input(0)), dtype, wide);
        String value = normalised(out.inner("Sub", x, mean(x, out)), node.real(0), wide, out);
        if (!isAbsent(node.input(1))) {
            value = out.inner(
                    "Mul", value, out.cast(out.of(node.input(1)), node.input(1).dtype(), wide));
        }
        if (!isAbsent(node.input(2))) {
            value = out.inner(
                    "Add", value, out.cast(out.of(node.input(2)), node.input(2).dtype(), wide));
        }
        out.narrowed(node.output(), wide, "Identity", Attributes.NONE, value);
    }

    /** MLX puts a scalar in the place of a weight that is not there. */
    private static boolean isAbsent(MlxValue weight) {
        return weight.rank() == 0;
    }

    private static String normalised(String x, double epsilon, DType dtype, Emitter out) {
        String variance = mean(out.inner("Mul", x, x), out);
        String root = out.inner("Sqrt", out.inner("Add", variance, out.scalar(dtype, epsilon)));
        return out.inner("Div", x, root);
    }

    private static String mean(String x, Emitter out) {
        return out.inner("ReduceMean", Attributes.of("keepdims", 1), x, out.integers(List.of(-1)));
    }
}
