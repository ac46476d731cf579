package dev.fairlead.model.signature;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.tensor.DType;
import java.util.List;

/** An input or output of a model. */
public record TensorSpec(String name, DType dtype, List<Dim> shape) {
    public TensorSpec {
        shape = List.copyOf(shape);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name: is empty");
        }
    }

    /** {@code input_ids int32[batch, sequence]}. */
    @Override
    public String toString() {
        return name + " " + dtype.text() + shape;
    }
}
