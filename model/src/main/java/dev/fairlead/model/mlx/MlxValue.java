package dev.fairlead.model.mlx;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.tensor.DType;
import java.util.List;
import java.util.Optional;

/** A value of the trace. Its sizes are functions of the graph's symbols. */
public record MlxValue(String name, DType dtype, List<Expression> shape) {
    public MlxValue {
        shape = List.copyOf(shape);
    }

    public int rank() {
        return shape.size();
    }

    /** The sizes, if none depends on a symbol. */
    public Optional<List<Long>> fixedShape() {
        return shape.stream().allMatch(size -> size.constant().isPresent())
                ? Optional.of(
                        shape.stream().map(size -> size.constant().getAsLong()).toList())
                : Optional.empty();
    }

    public List<Dim> dims() {
        return shape.stream().map(Dim::of).toList();
    }
}
