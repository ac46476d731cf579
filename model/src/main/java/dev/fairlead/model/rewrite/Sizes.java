package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Arithmetic on sizes. What has no exact form, overflows or grows too long is unknown. */
final class Sizes {
    private static final int MAX_TERMS = 32;
    private static final Dim UNKNOWN = new Dim.Unknown();

    private Sizes() {}

    static Optional<Expression> expression(Dim dim) {
        return switch (dim) {
            case Dim.Fixed(long size) -> Optional.of(Expression.of(size));
            case Dim.Symbolic(Expression expression) -> Optional.of(expression);
            case Dim.Unknown() -> Optional.empty();
        };
    }

    /** A size that is computed; unknown when it is negative, for that is an error of the model that only a run can show. */
    static Dim dim(Optional<Expression> expression) {
        return expression
                .filter(e -> e.constant().isEmpty() || e.constant().getAsLong() >= 0)
                .map(Dim::of)
                .orElse(UNKNOWN);
    }

    static Dim fixed(long size) {
        return new Dim.Fixed(size);
    }

    static boolean isOne(Dim dim) {
        return dim instanceof Dim.Fixed(long size) && size == 1;
    }

    static Dim plus(Dim a, long b) {
        return dim(expression(a).flatMap(e -> plus(e, Expression.of(b))));
    }

    static Dim plus(Dim a, Dim b) {
        return dim(expression(a).flatMap(x -> expression(b).flatMap(y -> plus(x, y))));
    }

    static Dim times(Dim a, Dim b) {
        return dim(expression(a).flatMap(x -> expression(b).flatMap(y -> times(x, y))));
    }

    static Dim times(Dim a, long b) {
        return times(a, fixed(b));
    }

    static Dim product(List<Dim> dims) {
        Dim product = fixed(1);
        for (Dim dim : dims) {
            if (dim instanceof Dim.Fixed(long size) && size == 0) {
                return dim;
            }
            product = times(product, dim);
        }
        return product;
    }

    /** {@code a + b}; a rounded-down quotient takes a polynomial in: ⌊p/d⌋ + q = ⌊(p + q·d)/d⌋. */
    static Optional<Expression> plus(Expression a, Expression b) {
        try {
            if (a.divisor() == 1 && b.divisor() == 1) {
                return bounded(a.plus(b));
            }
            if (a.divisor() == 1) {
                return plus(b, a);
            }
            if (b.divisor() != 1) {
                return Optional.empty();
            }
            Expression numerator = new Expression(a.terms(), 1).plus(b.times(Expression.of(a.divisor())));
            return floorDiv(numerator, a.divisor());
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    static Optional<Expression> minus(Expression a, Expression b) {
        if (a.equals(b)) {
            return Optional.of(Expression.of(0));
        }
        return times(b, Expression.of(-1)).flatMap(negative -> plus(a, negative));
    }

    static Optional<Expression> times(Expression a, Expression b) {
        try {
            if (a.equals(Expression.of(1)) || b.equals(Expression.of(1))) {
                return Optional.of(a.equals(Expression.of(1)) ? b : a);
            }
            if (a.equals(Expression.of(0)) || b.equals(Expression.of(0))) {
                return Optional.of(Expression.of(0));
            }
            return a.divisor() == 1 && b.divisor() == 1 ? bounded(a.times(b)) : Optional.empty();
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** ⌊a / divisor⌋; ⌊⌊p/c⌋/d⌋ = ⌊p/(c·d)⌋, and terms that the divisor divides leave the quotient. */
    static Optional<Expression> floorDiv(Expression a, long divisor) {
        if (divisor < 1) {
            return Optional.empty();
        }
        try {
            long whole = Math.multiplyExact(a.divisor(), divisor);
            long common = whole;
            boolean divides = true;
            SortedMap<List<String>, Long> quotient = new TreeMap<>(a.terms());
            for (Map.Entry<List<String>, Long> term : a.terms().entrySet()) {
                common = gcd(common, Math.abs(term.getValue()));
                boolean exact = term.getValue() % whole == 0;
                divides &= exact || term.getKey().isEmpty();
                quotient.put(term.getKey(), Math.floorDiv(term.getValue(), whole));
            }
            if (divides) {
                return bounded(new Expression(quotient, 1));
            }
            SortedMap<List<String>, Long> reduced = new TreeMap<>(a.terms());
            for (Map.Entry<List<String>, Long> term : a.terms().entrySet()) {
                reduced.put(term.getKey(), term.getValue() / common);
            }
            return bounded(new Expression(reduced, whole / common));
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    static Dim floorDiv(Dim a, long divisor) {
        return dim(expression(a).flatMap(e -> floorDiv(e, divisor)));
    }

    static Dim ceilDiv(Dim a, long divisor) {
        return floorDiv(plus(a, divisor - 1), divisor);
    }

    /** The product of some sizes over the product of others; unknown unless it is exact for every value of the symbols. */
    static Dim quotient(List<Dim> above, List<Dim> below) {
        List<Dim> left = new ArrayList<>(above);
        List<Dim> rest = new ArrayList<>();
        for (Dim dim : below) {
            if (dim instanceof Dim.Unknown || !left.remove(dim)) {
                rest.add(dim);
            }
        }
        Optional<Expression> numerator = expression(product(left));
        Optional<Expression> denominator = expression(product(rest));
        return dim(numerator.flatMap(n -> denominator.flatMap(d -> exact(n, d))));
    }

    private static Optional<Expression> exact(Expression n, Expression d) {
        if (n.divisor() != 1 || d.divisor() != 1 || d.terms().size() != 1) {
            return n.equals(d) ? Optional.of(Expression.of(1)) : Optional.empty();
        }
        List<String> symbols = d.terms().firstKey();
        long coefficient = d.terms().getOrDefault(symbols, 1L);
        SortedMap<List<String>, Long> terms = new TreeMap<>(n.terms());
        terms.clear();
        for (Map.Entry<List<String>, Long> term : n.terms().entrySet()) {
            List<String> remaining = new ArrayList<>(term.getKey());
            for (String symbol : symbols) {
                if (!remaining.remove(symbol)) {
                    return Optional.empty();
                }
            }
            if (term.getValue() % coefficient != 0) {
                return Optional.empty();
            }
            terms.put(remaining, term.getValue() / coefficient);
        }
        return Optional.of(new Expression(terms, 1));
    }

    /** Whether a is surely not negative, as sizes are not. */
    static boolean isNatural(Expression a) {
        return a.terms().values().stream().allMatch(c -> c >= 0);
    }

    /** Whether a is surely not negative where no size is 0: each symbol is put as 1 more than a natural number. */
    static boolean isNaturalUnlessEmpty(Expression a) {
        if (isNatural(a)) {
            return true;
        }
        if (a.divisor() != 1 || a.terms().keySet().stream().anyMatch(symbols -> symbols.size() > 4)) {
            return false;
        }
        try {
            Expression sum = Expression.of(0);
            for (Map.Entry<List<String>, Long> term : a.terms().entrySet()) {
                Expression product = Expression.of(term.getValue());
                for (String symbol : term.getKey()) {
                    product = product.times(Expression.symbol(symbol).plus(Expression.of(1)));
                }
                sum = sum.plus(product);
            }
            return isNatural(sum);
        } catch (ArithmeticException e) {
            return false;
        }
    }

    private static Optional<Expression> bounded(Expression expression) {
        return expression.terms().size() > MAX_TERMS ? Optional.empty() : Optional.of(expression);
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
