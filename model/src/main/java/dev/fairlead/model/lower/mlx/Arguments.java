package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.mlx.Argument;
import dev.fairlead.model.tensor.DType;
import java.util.List;

/** A primitive's state, piece by piece. */
final class Arguments {
    private Arguments() {}

    static Argument of(long value) {
        return new Argument.Int(value);
    }

    static Argument of(double value) {
        return new Argument.Real(value);
    }

    static Argument of(boolean value) {
        return new Argument.Flag(value);
    }

    static Argument of(DType dtype) {
        return new Argument.Type(dtype);
    }

    static Argument of(Expression size) {
        return size.constant().isPresent() ? new Argument.Int(size.constant().getAsLong()) : new Argument.Size(size);
    }

    static Argument sizes(List<Expression> sizes) {
        return new Argument.Items(sizes.stream().map(Arguments::of).toList());
    }

    static Argument integers(List<? extends Number> values) {
        return new Argument.Items(
                values.stream().map(value -> of(value.longValue())).toList());
    }
}
