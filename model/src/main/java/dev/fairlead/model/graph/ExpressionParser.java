package dev.fairlead.model.graph;

/**
 * Reads the expressions of {@code graph.json}: a sum of products of integers and symbols without spaces, or such a sum
 * in parentheses followed by {@code //} and a positive integer.
 */
public final class ExpressionParser {
    private static final int MAX_LENGTH = 1000;

    private final String text;
    private int at;

    private ExpressionParser(String text) {
        this.text = text;
    }

    /**
     * Parses a whole text.
     *
     * @throws IllegalArgumentException saying at which character it stops being an expression
     */
    public static Expression parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "an expression of " + text.length() + " characters, more than " + MAX_LENGTH);
        }
        ExpressionParser parser = new ExpressionParser(text);
        try {
            Expression expression = parser.quotient();
            if (parser.at < text.length()) {
                throw parser.unexpected();
            }
            return expression;
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("a coefficient that does not fit 64 bits", e);
        }
    }

    private Expression quotient() {
        if (!take('(')) {
            return sum();
        }
        Expression sum = sum();
        require(')');
        require('/');
        require('/');
        Expression divisor = integer();
        if (divisor.constant().orElse(0) < 1) {
            throw new IllegalArgumentException("a division by " + divisor);
        }
        return sum.dividedBy(divisor.constant().getAsLong());
    }

    private Expression sum() {
        Expression sum = take('-') ? product().times(Expression.of(-1)) : product();
        while (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
            Expression sign = Expression.of(text.charAt(at++) == '+' ? 1 : -1);
            sum = sum.plus(product().times(sign));
        }
        return sum;
    }

    private Expression product() {
        Expression product = factor();
        while (take('*')) {
            product = product.times(factor());
        }
        return product;
    }

    private Expression factor() {
        if (at < text.length() && isDigit(text.charAt(at))) {
            return integer();
        }
        int start = at;
        while (at < text.length() && (isLetter(text.charAt(at)) || (at > start && isDigit(text.charAt(at))))) {
            at++;
        }
        if (at == start) {
            throw unexpected();
        }
        return Expression.symbol(text.substring(start, at));
    }

    private Expression integer() {
        int start = at;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw unexpected();
        }
        return Expression.of(Long.parseLong(text.substring(start, at)));
    }

    private boolean take(char wanted) {
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void require(char wanted) {
        if (!take(wanted)) {
            throw unexpected();
        }
    }

    private IllegalArgumentException unexpected() {
        return new IllegalArgumentException("no expression: stops at character " + (at + 1) + " of \"" + text + "\"");
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }
}
