package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;

/** Arithmetic on the integers that shape computations hold. */
final class Numbers {
    private Numbers() {}

    /** One result of two numbers; empty when it is not known. */
    interface Binary extends BiFunction<Expression, Expression, Optional<Expression>> {}

    /** Types that shapes are computed in. Narrower ones wrap around, which expressions do not. */
    static boolean countsSizes(Fact fact) {
        return fact.dtype()
                .filter(t -> t == DType.INT64 || t == DType.INT32 || t == DType.BOOL)
                .isPresent();
    }

    /** Combines elements by ONNX' broadcast; the shapes are fixed where elements are known. */
    static Optional<List<Optional<Expression>>> zip(Fact a, Fact b, Optional<List<Dim>> shape, Binary operator) {
        Optional<long[]> out = shape.flatMap(Numbers::fixed);
        if (a.elements().isEmpty() || b.elements().isEmpty() || out.isEmpty() || !countsSizes(a) || !countsSizes(b)) {
            return Optional.empty();
        }
        int size = size(out.get());
        if (size > Fact.MAX_ELEMENTS) {
            return Optional.empty();
        }
        long[] left = fixed(a.shape().orElseThrow()).orElseThrow();
        long[] right = fixed(b.shape().orElseThrow()).orElseThrow();
        List<Optional<Expression>> numbers = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Optional<Expression> x = a.elements().get().get(source(i, out.get(), left));
            Optional<Expression> y = b.elements().get().get(source(i, out.get(), right));
            numbers.add(x.flatMap(p -> y.flatMap(q -> operator.apply(p, q))));
        }
        return Optional.of(numbers);
    }

    /** Repeats elements along the axes that a broadcast adds or stretches. */
    static Optional<List<Optional<Expression>>> stretch(Fact a, Optional<List<Dim>> shape) {
        Optional<long[]> out = shape.flatMap(Numbers::fixed);
        if (a.elements().isEmpty() || out.isEmpty() || size(out.get()) > Fact.MAX_ELEMENTS) {
            return Optional.empty();
        }
        long[] from = fixed(a.shape().orElseThrow()).orElseThrow();
        List<Optional<Expression>> numbers = new ArrayList<>();
        for (int i = 0; i < size(out.get()); i++) {
            numbers.add(a.elements().get().get(source(i, out.get(), from)));
        }
        return Optional.of(numbers);
    }

    static Optional<long[]> fixed(List<Dim> shape) {
        long[] sizes = new long[shape.size()];
        for (int i = 0; i < sizes.length; i++) {
            if (!(shape.get(i) instanceof Dim.Fixed(long size))) {
                return Optional.empty();
            }
            sizes[i] = size;
        }
        return Optional.of(sizes);
    }

    /** More than {@link Fact#MAX_ELEMENTS} when it would be. */
    static int size(long[] shape) {
        long size = 1;
        for (long dim : shape) {
            size = Math.min(size * Math.min(dim, Fact.MAX_ELEMENTS + 1), Fact.MAX_ELEMENTS + 1);
        }
        return (int) size;
    }

    private static int source(int index, long[] out, long[] from) {
        int at = 0;
        int stride = 1;
        int rest = index;
        for (int back = 1; back <= out.length; back++) {
            long size = out[out.length - back];
            int position = (int) (rest % size);
            rest = (int) (rest / size);
            if (back <= from.length) {
                long own = from[from.length - back];
                at += own == 1 ? 0 : position * stride;
                stride *= (int) own;
            }
        }
        return at;
    }

    /** Division as ONNX has it for integers, rounding to zero; known for constants and for sizes by a positive number. */
    static Optional<Expression> divide(Expression a, Expression b) {
        OptionalLong divisor = b.constant();
        if (divisor.isEmpty()) {
            return a.equals(b) ? Optional.of(Expression.of(1)) : Optional.empty();
        }
        if (divisor.getAsLong() == 0) {
            return Optional.empty();
        }
        if (a.constant().isPresent()) {
            return Optional.of(Expression.of(a.constant().getAsLong() / divisor.getAsLong()));
        }
        return Sizes.isNatural(a) ? Sizes.floorDiv(a, divisor.getAsLong()) : Optional.empty();
    }

    /** The remainder with the divisor's sign. */
    static Optional<Expression> modulo(Expression a, Expression b) {
        OptionalLong divisor = b.constant();
        if (divisor.isEmpty() || divisor.getAsLong() == 0) {
            return Optional.empty();
        }
        if (a.constant().isPresent()) {
            return Optional.of(Expression.of(Math.floorMod(a.constant().getAsLong(), divisor.getAsLong())));
        }
        return Sizes.floorDiv(a, divisor.getAsLong())
                .filter(q -> q.divisor() == 1)
                .flatMap(q -> Sizes.times(q, b))
                .flatMap(whole -> Sizes.minus(a, whole));
    }

    static Optional<Expression> largest(Expression a, Expression b) {
        return Sizes.minus(a, b)
                .flatMap(d -> Sizes.isNatural(d) ? Optional.of(a) : isNegative(d) ? Optional.of(b) : Optional.empty());
    }

    static Optional<Expression> smallest(Expression a, Expression b) {
        return Sizes.minus(a, b)
                .flatMap(d -> Sizes.isNatural(d) ? Optional.of(b) : isNegative(d) ? Optional.of(a) : Optional.empty());
    }

    static Optional<Expression> equal(Expression a, Expression b) {
        return Sizes.minus(a, b).flatMap(d -> {
            if (d.constant().isPresent()) {
                return Optional.of(flag(d.constant().getAsLong() == 0));
            }
            return isNegative(d) || isPositive(d) ? Optional.of(flag(false)) : Optional.empty();
        });
    }

    static Optional<Expression> less(Expression a, Expression b) {
        return Sizes.minus(a, b)
                .flatMap(d -> isNegative(d)
                        ? Optional.of(flag(true))
                        : Sizes.isNatural(d) ? Optional.of(flag(false)) : Optional.empty());
    }

    static Optional<Expression> not(Expression a) {
        return a.constant().isPresent() ? Optional.of(flag(a.constant().getAsLong() == 0)) : Optional.empty();
    }

    static Optional<Expression> and(Expression a, Expression b) {
        return a.constant().isPresent() && b.constant().isPresent()
                ? Optional.of(flag(a.constant().getAsLong() != 0 && b.constant().getAsLong() != 0))
                : Optional.empty();
    }

    static Optional<Expression> or(Expression a, Expression b) {
        return a.constant().isPresent() && b.constant().isPresent()
                ? Optional.of(flag(a.constant().getAsLong() != 0 || b.constant().getAsLong() != 0))
                : Optional.empty();
    }

    static Expression flag(boolean value) {
        return Expression.of(value ? 1 : 0);
    }

    /** Surely below 0: no term is positive, and the constant one is negative. */
    private static boolean isNegative(Expression e) {
        return e.terms().values().stream().allMatch(c -> c <= 0) && e.terms().getOrDefault(List.of(), 0L) < 0;
    }

    private static boolean isPositive(Expression e) {
        return e.divisor() == 1 && Sizes.isNatural(e) && e.terms().getOrDefault(List.of(), 0L) > 0;
    }
}
