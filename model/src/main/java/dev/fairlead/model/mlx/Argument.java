package dev.fairlead.model.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.tensor.DType;
import java.util.List;

/** One piece of a primitive's state. */
public sealed interface Argument {
    record Int(long value) implements Argument {}

    record Real(double value) implements Argument {}

    record Flag(boolean value) implements Argument {}

    record Type(DType value) implements Argument {}

    record Text(String value) implements Argument {}

    /** An integer that depends on an input's size. */
    record Size(Expression value) implements Argument {}

    record Items(List<Argument> values) implements Argument {
        public Items {
            values = List.copyOf(values);
        }
    }
}
