package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import java.util.List;

/**
 * Undoes MLX's explicit broadcasts. MLX writes a Broadcast before each operation whose operands differ in shape; ONNX
 * operators broadcast themselves, so the copy would only cost memory.
 */
final class Broadcasts {
    private Broadcasts() {}

    /** The ONNX names of an elementwise operation's operands, as small as still gives the output's shape. */
    static String[] operands(MlxNode node, Emitter out) {
        List<MlxValue> small =
                node.inputs().stream().map(value -> beforeBroadcast(value, out)).toList();
        boolean whole = small.stream()
                .anyMatch(value -> value.shape().equals(node.output().shape()));
        return (whole ? small : node.inputs()).stream().map(out::of).toArray(String[]::new);
    }

    static MlxValue beforeBroadcast(MlxValue value, Emitter out) {
        return out.producer(value)
                .filter(made -> made.op().equals("Broadcast"))
                .map(made -> made.input(0))
                .orElse(value);
    }
}
