package dev.fairlead.model.lower.mlx;

import java.util.List;

/** What a name of the ONNX graph stands for while it is lowered. */
sealed interface Bound permits Operand, Bound.Sequence {
    /** ONNX' sequence of tensors: there is none in an MLX graph, but its items are known one by one when the graph is made. */
    record Sequence(List<Operand> items) implements Bound {
        public Sequence {
            items = List.copyOf(items);
        }
    }
}
