package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Primitives that bring an axis together. */
interface ReductionPrimitives extends ElementwisePrimitives, ShapePrimitives {
    /** The kinds of MLX' Reduce, with its numbers. */
    enum Fold {
        AND(0),
        OR(1),
        SUM(2),
        PRODUCT(3),
        MINIMUM(4),
        MAXIMUM(5);

        private final int code;

        Fold(int code) {
            this.code = code;
        }
    }

    /** Keeps the reduced axes with size 1, and the operand's type, in which integers wrap. */
    default Operand reduce(Fold fold, Operand x, List<Integer> axes) {
        if (axes.isEmpty()) {
            return x;
        }
        List<Expression> shape = new ArrayList<>(x.shape());
        axes.forEach(axis -> shape.set(axis, Shapes.ONE));
        if (x.shape().contains(Expression.of(0))) {
            return broadcast(neutral(fold, x.dtype()), shape);
        }
        DType dtype = switch (fold) {
            case AND, OR -> DType.BOOL;
            case SUM, PRODUCT -> Types.accumulated(x.dtype());
            case MINIMUM, MAXIMUM -> x.dtype();
        };
        Operand made = emit("Reduce", List.of(x), dtype, shape, Arguments.of(fold.code), Arguments.integers(axes));
        return fold == Fold.AND || fold == Fold.OR ? made : cast(made, x.dtype());
    }

    private Operand neutral(Fold fold, DType dtype) {
        return switch (fold) {
            case AND -> scalar(DType.BOOL, 1L);
            case OR -> scalar(DType.BOOL, 0L);
            case SUM -> scalar(dtype, 0L);
            case PRODUCT -> scalar(dtype, 1L);
            case MINIMUM -> extreme(dtype, true);
            case MAXIMUM -> extreme(dtype, false);
        };
    }

    /** The largest or smallest value of a type, infinite where it can be. */
    default Operand extreme(DType dtype, boolean largest) {
        return switch (dtype.kind()) {
            case FLOATING -> scalar(dtype, largest ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY);
            case BOOLEAN -> scalar(dtype, largest ? 1L : 0L);
            case UNSIGNED -> scalar(dtype, largest ? -1L : 0L);
            case SIGNED -> {
                long top = dtype == DType.INT64 ? Long.MAX_VALUE : (1L << (dtype.bits() - 1)) - 1;
                yield scalar(dtype, largest ? top : -top - 1);
            }
            case COMPLEX -> throw Refusal.of("complex numbers have no order");
        };
    }

    default Operand sum(Operand x, List<Integer> axes) {
        return reduce(Fold.SUM, x, axes);
    }

    default Operand max(Operand x, List<Integer> axes) {
        return reduce(Fold.MAXIMUM, x, axes);
    }

    /** Keeps the axes. The mean of no elements is 0/0. A count that depends on symbols is a sum of ones. */
    default Operand mean(Operand x, List<Integer> axes) {
        List<Expression> sizes = axes.stream().map(x::size).toList();
        Expression count = Shapes.product(sizes);
        if (count.constant().isPresent()) {
            return divide(sum(x, axes), count.constant().getAsLong());
        }
        List<Integer> all = Shapes.range(0, axes.size());
        // narrow types can't count far
        DType wide = x.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        Operand ones = sum(broadcast(scalar(wide, 1.0), sizes), all);
        return divide(sum(x, axes), cast(squeeze(ones, all), x.dtype()));
    }

    /** uint32 indices; of equal elements the first. The axis is kept. */
    default Operand argReduce(boolean largest, Operand x, int axis) {
        List<Expression> shape = Shapes.with(x.shape(), axis, Shapes.ONE);
        return emit("ArgReduce", List.of(x), DType.UINT32, shape, Arguments.of(largest ? 1 : 0), Arguments.of(axis));
    }

    /** Kinds 0 max, 1 min, 2 sum, 3 product, 4 log-add-exp. */
    default Operand scan(int kind, Operand x, int axis, boolean reverse, boolean inclusive) {
        return emit(
                "Scan",
                List.of(x),
                x.dtype(),
                x.shape(),
                Arguments.of(kind),
                Arguments.of(axis),
                Arguments.of(reverse),
                Arguments.of(inclusive));
    }

    /** uint32 indices, ascending and stable. */
    default Operand argSort(Operand x, int axis) {
        return emit("ArgSort", List.of(x), DType.UINT32, x.shape(), Arguments.of(axis));
    }

    /** The primitive where the axis is the last, else what MLX itself makes of it. */
    default Operand softmax(Operand x, int axis) {
        if (axis == x.rank() - 1) {
            return emit("Softmax", List.of(x), x.dtype(), x.shape(), Arguments.of(true));
        }
        List<Integer> axes = List.of(axis);
        Operand e = exp(subtract(x, max(x, axes)));
        return divide(e, sum(e, axes));
    }

    /** log Σ exp over axes that are kept; infinite maxima are answered as they are. */
    default Operand logSumExp(Operand x, List<Integer> axes) {
        Operand top = max(x, axes);
        Operand infinite = equal(abs(top), Double.POSITIVE_INFINITY);
        Operand shift = select(infinite, like(x, 0), top);
        return add(log(sum(exp(subtract(x, shift)), axes)), shift);
    }
}
