package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * A value of the MLX graph being written.
 *
 * @param known its elements, for a constant
 * @param counted its elements, where they are sizes that depend on symbols: int64 without or with one axis. No primitive makes such a
 *     value, but shapes may be built with it
 */
record Operand(MlxValue value, Optional<Tensor> known, Optional<List<Expression>> counted) implements Bound {
    Operand(MlxValue value, Optional<Tensor> known) {
        this(value, known, Optional.empty());
    }

    /** Its elements as sizes, where they are integers that are known now or functions of symbols. */
    Optional<List<Expression>> elements() {
        boolean integers = dtype() == DType.INT64 || dtype() == DType.INT32;
        return counted.isPresent() || !integers || rank() > 1
                ? counted
                : known.map(tensor -> LongStream.range(0, tensor.elements())
                        .mapToObj(i -> Expression.of(tensor.longAt(i)))
                        .toList());
    }

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
