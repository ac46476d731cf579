package dev.fairlead.model.graph;

import dev.fairlead.model.tensor.DType;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a named value. Absent means that the file does not say.
 *
 * @param shape absent when not even the rank is known
 */
public record Value(String name, Optional<DType> dtype, Optional<List<Dim>> shape) {
    public Value {
        shape = shape.map(List::copyOf);
    }

    public static Value of(String name, DType dtype, List<Dim> shape) {
        return new Value(name, Optional.of(dtype), Optional.of(shape));
    }
}
