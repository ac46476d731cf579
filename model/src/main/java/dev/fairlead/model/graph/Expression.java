package dev.fairlead.model.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A size as a function of symbols: a polynomial with integer coefficients, rounded down after division by a positive
 * integer. Equal polynomials are equal records.
 *
 * @param terms coefficient, never zero, by the sorted symbols that it multiplies
 * @param divisor at least 1
 */
public record Expression(SortedMap<List<String>, Long> terms, long divisor) {
    private static final Comparator<List<String>> ORDER =
            Comparator.<List<String>>comparingInt(m -> -m.size()).thenComparing(m -> String.join("*", m));

    public Expression {
        SortedMap<List<String>, Long> copy = new TreeMap<>(ORDER);
        terms.forEach((monomial, coefficient) -> {
            if (coefficient != 0) {
                copy.put(monomial.stream().sorted().toList(), coefficient);
            }
        });
        terms = Collections.unmodifiableSortedMap(copy);
        if (divisor < 1) {
            throw new IllegalArgumentException("divisor: " + divisor + ", must be positive");
        }
    }

    public static Expression of(long value) {
        return new Expression(ordered(Map.of(List.of(), value)), 1);
    }

    public static Expression symbol(String name) {
        return new Expression(ordered(Map.of(List.of(name), 1L)), 1);
    }

    /** The sum; neither side may have a divisor. */
    public Expression plus(Expression other) {
        requirePolynomials(other);
        SortedMap<List<String>, Long> sum = ordered(terms);
        other.terms.forEach((monomial, c) -> sum.merge(monomial, c, Math::addExact));
        return new Expression(sum, 1);
    }

    /** The product; neither side may have a divisor. */
    public Expression times(Expression other) {
        requirePolynomials(other);
        SortedMap<List<String>, Long> product = ordered(Map.of());
        terms.forEach((a, x) -> other.terms.forEach((b, y) -> {
            List<String> monomial = new ArrayList<>(a);
            monomial.addAll(b);
            monomial.sort(Comparator.naturalOrder());
            product.merge(List.copyOf(monomial), Math.multiplyExact(x, y), Math::addExact);
        }));
        return new Expression(product, 1);
    }

    /** This, divided and rounded down; this must be a polynomial. */
    public Expression dividedBy(long positive) {
        requirePolynomials(this);
        OptionalLong constant = constant();
        return constant.isPresent()
                ? of(Math.floorDiv(constant.getAsLong(), positive))
                : new Expression(terms, positive);
    }

    /** The value if there is no symbol in it. */
    public OptionalLong constant() {
        if (terms.isEmpty()) {
            return OptionalLong.of(0);
        }
        Long only = terms.size() == 1 ? terms.get(List.of()) : null;
        return only == null ? OptionalLong.empty() : OptionalLong.of(Math.floorDiv(only, divisor));
    }

    public NavigableSet<String> symbols() {
        NavigableSet<String> symbols = new TreeSet<>();
        terms.keySet().forEach(symbols::addAll);
        return symbols;
    }

    /**
     * The value for given sizes.
     *
     * @throws ArithmeticException when it does not fit a long
     * @throws IllegalArgumentException when a symbol has no size
     */
    public long at(Map<String, Long> sizes) {
        long sum = 0;
        for (Map.Entry<List<String>, Long> term : terms.entrySet()) {
            long product = term.getValue();
            for (String symbol : term.getKey()) {
                Long size = sizes.get(symbol);
                if (size == null) {
                    throw new IllegalArgumentException("sizes: none for " + symbol);
                }
                product = Math.multiplyExact(product, size);
            }
            sum = Math.addExact(sum, product);
        }
        return Math.floorDiv(sum, divisor);
    }

    /** The same with numbers for some of its symbols. */
    public Expression with(Map<String, Long> sizes) {
        Expression sum = of(0);
        for (Map.Entry<List<String>, Long> term : terms.entrySet()) {
            Expression product = of(term.getValue());
            for (String symbol : term.getKey()) {
                Long size = sizes.get(symbol);
                product = product.times(size == null ? symbol(symbol) : of(size));
            }
            sum = sum.plus(product);
        }
        return sum.dividedBy(divisor);
    }

    /** The form that {@link ExpressionParser} reads: {@code 2*batch*sequence+1}, {@code (n-1)//2}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        terms.forEach((monomial, coefficient) -> {
            if (coefficient > 0 && !text.isEmpty()) {
                text.append('+');
            }
            String symbols = String.join("*", monomial);
            if (monomial.isEmpty()) {
                text.append(coefficient);
            } else if (Math.abs(coefficient) == 1) {
                text.append(coefficient < 0 ? "-" : "").append(symbols);
            } else {
                text.append(coefficient).append('*').append(symbols);
            }
        });
        String polynomial = text.isEmpty() ? "0" : text.toString();
        return divisor == 1 ? polynomial : "(" + polynomial + ")//" + divisor;
    }

    private void requirePolynomials(Expression other) {
        if (divisor != 1 || other.divisor != 1) {
            throw new IllegalArgumentException("divisor: arithmetic is defined on polynomials only");
        }
    }

    private static SortedMap<List<String>, Long> ordered(Map<List<String>, Long> terms) {
        SortedMap<List<String>, Long> map = new TreeMap<>(ORDER);
        map.putAll(terms);
        return map;
    }
}
