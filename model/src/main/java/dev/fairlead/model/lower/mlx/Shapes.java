package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Arithmetic on shapes whose sizes may depend on symbols. */
final class Shapes {
    static final Expression ONE = Expression.of(1);

    private Shapes() {}

    static List<Expression> of(long... sizes) {
        return LongStream.of(sizes).mapToObj(Expression::of).toList();
    }

    static List<Expression> of(List<Long> sizes) {
        return sizes.stream().map(Expression::of).toList();
    }

    static List<Long> fixed(List<Expression> shape) {
        return shape.stream().map(Shapes::fixed).toList();
    }

    static long fixed(Expression size) {
        return size.constant().orElseThrow(() -> Refusal.of("needs fixed sizes, not " + size));
    }

    static boolean isOne(Expression size) {
        return size.equals(ONE);
    }

    static Expression minus(Expression a, Expression b) {
        return plus(a, times(b, Expression.of(-1)));
    }

    static Expression plus(Expression a, Expression b) {
        requirePolynomial(a);
        requirePolynomial(b);
        return a.plus(b);
    }

    static Expression times(Expression a, Expression b) {
        if (isOne(a) || isOne(b)) {
            return isOne(a) ? b : a;
        }
        requirePolynomial(a);
        requirePolynomial(b);
        return a.times(b);
    }

    static Expression dividedBy(Expression a, long positive) {
        if (positive == 1) {
            return a;
        }
        requirePolynomial(a);
        return a.dividedBy(positive);
    }

    static Expression product(List<Expression> shape) {
        return shape.stream().reduce(ONE, Shapes::times);
    }

    /** The whole over a part of it, where that comes out even for every size. */
    static Expression quotient(Expression whole, Expression part) {
        if (part.constant().isPresent()) {
            long divisor = part.constant().getAsLong();
            if (divisor < 0) {
                throw Refusal.of("a size divided by " + divisor);
            }
            return divisor == 0 ? Expression.of(0) : divided(whole, divisor);
        }
        if (whole.terms().size() == 1 && part.terms().size() == 1 && whole.divisor() == 1 && part.divisor() == 1) {
            List<String> symbols = new ArrayList<>(whole.terms().firstKey());
            long coefficient = whole.terms().values().iterator().next();
            long divisor = part.terms().values().iterator().next();
            boolean within = part.terms().firstKey().stream().allMatch(symbols::remove);
            if (within && coefficient % divisor == 0) {
                return symbols.stream()
                        .map(Expression::symbol)
                        .reduce(Expression.of(coefficient / divisor), Shapes::times);
            }
        }
        throw Refusal.of("the size that remains of " + whole + " without " + part + " is not known");
    }

    private static Expression divided(Expression whole, long divisor) {
        boolean even = whole.divisor() == 1 && whole.terms().values().stream().allMatch(c -> c % divisor == 0);
        if (!even) {
            return Shapes.dividedBy(whole, divisor);
        }
        Expression sum = Expression.of(0);
        for (Map.Entry<List<String>, Long> term : whole.terms().entrySet()) {
            sum = Shapes.plus(
                    sum,
                    term.getKey().stream()
                            .map(Expression::symbol)
                            .reduce(Expression.of(term.getValue() / divisor), Shapes::times));
        }
        return sum;
    }

    /** NumPy's rule; sizes that depend on symbols must be the same expression or stand against 1. */
    static List<Expression> broadcast(List<Expression> a, List<Expression> b) {
        int rank = Math.max(a.size(), b.size());
        List<Expression> shape = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            Expression x = at(a, axis - rank + a.size());
            Expression y = at(b, axis - rank + b.size());
            if (!x.equals(y) && !isOne(x) && !isOne(y)) {
                throw Refusal.of("sizes " + a + " and " + b + " can't be told to broadcast");
            }
            shape.add(isOne(x) ? y : x);
        }
        return shape;
    }

    /** A copy with one size replaced. */
    static List<Expression> with(List<Expression> shape, int axis, Expression size) {
        List<Expression> copy = new ArrayList<>(shape);
        copy.set(axis, size);
        return copy;
    }

    static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static Expression at(List<Expression> shape, int axis) {
        return axis < 0 ? ONE : shape.get(axis);
    }

    private static void requirePolynomial(Expression size) {
        if (size.divisor() != 1) {
            throw Refusal.of("the size " + size + " can't be computed with further");
        }
    }
}
