package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * A value of the MLX graph being written.
 *
 * @param known its elements, for a constant
 */
record Operand(MlxValue value, Optional<Tensor> known) {
    DType dtype() {
        return value.dtype();
    }

    int rank() {
        return value.rank();
    }

    List<Expression> shape() {
        return value.shape();
    }

    Expression size(int axis) {
        return value.shape().get(axis);
    }

    /** Sizes as numbers; refuses those that depend on a symbol. */
    List<Long> sizes() {
        return Shapes.fixed(value.shape());
    }

    long fixed(int axis) {
        return Shapes.fixed(value.shape().get(axis));
    }

    boolean isFloating() {
        return dtype().isFloating();
    }
}
