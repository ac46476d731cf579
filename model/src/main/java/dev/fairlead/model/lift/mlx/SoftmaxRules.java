package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.tensor.DType;
import java.util.Map;

/** Softmax over the last axis. */
final class SoftmaxRules {
    private SoftmaxRules() {}

    static void register(Rules rules) {
        rules.add("Softmax", 1, 1, SoftmaxRules::softmax);
    }

    /** "Precise" has MLX compute 16-bit inputs in float32. */
    private static void softmax(MlxNode node, Emitter out) {
        Map<String, Attribute> last = Attributes.of("axis", -1);
        DType dtype = node.output().dtype();
        String x = out.of(node.input(0));
        if (!node.flag(0) || dtype.bytes() > 2) {
            out.result(node.output(), "Softmax", last, x);
            return;
        }
        String wide = out.inner("Cast", Casts.to(DType.FLOAT32), x);
        out.result(node.output(), "Cast", Casts.to(dtype), out.inner("Softmax", last, wide));
    }
}
