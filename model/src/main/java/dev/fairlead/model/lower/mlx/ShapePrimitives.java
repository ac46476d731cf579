package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.mlx.Argument;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Primitives that move, repeat or make elements. */
interface ShapePrimitives extends ElementwisePrimitives {
    default Operand reshape(Operand x, List<Expression> shape) {
        return x.shape().equals(shape) ? x : emit("Reshape", List.of(x), x.dtype(), shape, Arguments.sizes(shape));
    }

    default Operand transpose(Operand x, List<Integer> axes) {
        if (axes.equals(Shapes.range(0, x.rank()))) {
            return x;
        }
        List<Expression> shape = axes.stream().map(x::size).toList();
        return emit("Transpose", List.of(x), x.dtype(), shape, Arguments.integers(axes));
    }

    /** Puts an axis elsewhere and keeps the order of the others. */
    default Operand moveAxis(Operand x, int from, int to) {
        List<Integer> axes = new ArrayList<>(Shapes.range(0, x.rank()));
        axes.remove(Integer.valueOf(from));
        axes.add(to, from);
        return transpose(x, axes);
    }

    /** Swaps the last two axes. */
    default Operand swapped(Operand x) {
        List<Integer> axes = new ArrayList<>(Shapes.range(0, x.rank()));
        Collections.swap(axes, x.rank() - 2, x.rank() - 1);
        return transpose(x, axes);
    }

    /**
     * Adds axes of size 1.
     *
     * @param axes places in the result, ascending
     */
    default Operand expandDims(Operand x, List<Integer> axes) {
        if (axes.isEmpty()) {
            return x;
        }
        List<Expression> shape = new ArrayList<>(x.shape());
        axes.forEach(axis -> shape.add(axis, Shapes.ONE));
        return emit("ExpandDims", List.of(x), x.dtype(), shape, Arguments.integers(axes));
    }

    default Operand expandDims(Operand x, int axis) {
        return expandDims(x, List.of(axis));
    }

    /**
     * Takes axes away.
     *
     * @param axes ascending, each of size 1
     */
    default Operand squeeze(Operand x, List<Integer> axes) {
        if (axes.isEmpty()) {
            return x;
        }
        List<Expression> shape = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            if (!axes.contains(axis)) {
                shape.add(x.size(axis));
            }
        }
        return emit("Squeeze", List.of(x), x.dtype(), shape, Arguments.integers(axes));
    }

    default Operand squeeze(Operand x, int axis) {
        return squeeze(x, List.of(axis));
    }

    default Operand concatenate(List<Operand> parts, int axis) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        Operand first = parts.getFirst();
        for (Operand part : parts) {
            if (part.dtype() != first.dtype()) {
                throw Primitives.mixed("Concatenate", first.dtype(), part.dtype());
            }
        }
        Expression size = parts.stream().map(part -> part.size(axis)).reduce(Expression.of(0), Shapes::plus);
        return emit("Concatenate", parts, first.dtype(), Shapes.with(first.shape(), axis, size), Arguments.of(axis));
    }

    /** Parts of fixed sizes along an axis. */
    default List<Operand> split(Operand x, List<Long> sizes, int axis) {
        if (sizes.size() == 1) {
            return List.of(x);
        }
        List<Long> indices = new ArrayList<>();
        List<List<Expression>> shapes = new ArrayList<>();
        long at = 0;
        for (long size : sizes) {
            at += size;
            indices.add(at);
            shapes.add(Shapes.with(x.shape(), axis, Expression.of(size)));
        }
        indices.removeLast();
        List<DType> dtypes = Collections.nCopies(sizes.size(), x.dtype());
        return emit("Split", List.of(x), dtypes, shapes, Arguments.integers(indices), Arguments.of(axis));
    }

    /** Elements {@code start, start + step, …} before {@code end} of one axis, all within it. */
    default Operand slice(Operand x, int axis, long start, long end) {
        if (start == 0 && Expression.of(end).equals(x.size(axis))) {
            return x;
        }
        List<Expression> starts = new ArrayList<>(Collections.nCopies(x.rank(), Expression.of(0)));
        List<Expression> ends = new ArrayList<>(x.shape());
        starts.set(axis, Expression.of(start));
        ends.set(axis, Expression.of(end));
        return slice(
                x,
                starts,
                ends,
                Collections.nCopies(x.rank(), 1L),
                Shapes.with(x.shape(), axis, Expression.of(end - start)));
    }

    default Operand slice(
            Operand x, List<Expression> starts, List<Expression> ends, List<Long> steps, List<Expression> shape) {
        Argument[] state = {Arguments.sizes(starts), Arguments.sizes(ends), Arguments.integers(steps)};
        return emit("Slice", List.of(x), x.dtype(), shape, state);
    }

    /** The axis in reverse. MLX counts an end below 0 from the axis' own, so that −size−1 is one before the first. */
    default Operand reversed(Operand x, int axis) {
        List<Expression> starts = new ArrayList<>(Collections.nCopies(x.rank(), Expression.of(0)));
        List<Expression> ends = new ArrayList<>(x.shape());
        List<Long> steps = new ArrayList<>(Collections.nCopies(x.rank(), 1L));
        starts.set(axis, Shapes.plus(x.size(axis), Expression.of(-1)));
        ends.set(axis, Shapes.minus(Expression.of(-1), x.size(axis)));
        steps.set(axis, -1L);
        return slice(x, starts, ends, steps, x.shape());
    }

    /** Adds elements of one value at both ends of every axis; numbers of elements by axis, none negative. */
    default Operand pad(Operand x, List<Long> low, List<Long> high, Operand value) {
        if (Stream.concat(low.stream(), high.stream()).allMatch(n -> n == 0)) {
            return x;
        }
        List<Expression> shape = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            shape.add(Shapes.plus(x.size(axis), Expression.of(low.get(axis) + high.get(axis))));
        }
        return emit(
                "Pad",
                List.of(x, value),
                x.dtype(),
                shape,
                Arguments.integers(Shapes.range(0, x.rank())),
                Arguments.integers(low),
                Arguments.integers(high));
    }

    /** A view of {@code x}'s row-major elements. */
    default Operand asStrided(Operand x, List<Expression> shape, List<Expression> strides, long offset) {
        Operand flat = x.rank() == 1
                ? x
                : emit(
                        "Flatten",
                        List.of(x),
                        x.dtype(),
                        List.of(Shapes.product(x.shape())),
                        Arguments.of(0),
                        Arguments.of(x.rank() - 1));
        return emit(
                "AsStrided",
                List.of(flat),
                x.dtype(),
                shape,
                Arguments.sizes(shape),
                Arguments.sizes(strides),
                Arguments.of(offset));
    }

    /** {@code 0 … size − 1}. The bounds are floats in MLX' state, but sizes all the same. */
    default Operand arange(Expression size, DType dtype) {
        Argument end = size.constant().isPresent()
                ? Arguments.of((double) size.constant().getAsLong())
                : Arguments.of(size);
        return emit("Arange", List.of(), dtype, List.of(size), Arguments.of(0.0), end, Arguments.of(1.0));
    }

    default Operand arange(long size, DType dtype) {
        return arange(Expression.of(size), dtype);
    }

    /** {@code 0 … size − 1} along one axis of so many, the others of size 1. */
    default Operand arangeAlong(Expression size, DType dtype, int axis, int rank) {
        List<Expression> shape = new ArrayList<>(Collections.nCopies(rank, Shapes.ONE));
        if (rank > 0) {
            shape.set(axis, size);
        }
        return reshape(arange(size, dtype), shape);
    }

    default Operand arangeAlong(long size, DType dtype, int axis, int rank) {
        return arangeAlong(Expression.of(size), dtype, axis, rank);
    }

    /** The bytes of the elements taken as another type of the same width. */
    default Operand view(Operand x, DType dtype) {
        return x.dtype() == dtype ? x : emit("View", List.of(x), dtype, x.shape(), Arguments.of(dtype));
    }
}
