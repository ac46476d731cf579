package dev.fairlead.model.interpret;

/** The complementary error function to double precision, by its series and its continued fraction. */
final class ErrorFunction {
    private static final double SERIES_BELOW = 2.5;

    private ErrorFunction() {}

    /** {@code 2 / sqrt(pi)} times the integral of {@code exp(-t^2)} from {@code x}. */
    static double complement(double x) {
        if (x < SERIES_BELOW) {
            return x < -6 ? 2 : 1 - of(x);
        }
        return fraction(x);
    }

    /** {@code erf(x) = 2 / sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!!}, all of whose terms have one sign. */
    static double of(double x) {
        if (Math.abs(x) > 6) {
            return Math.copySign(1, x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > Math.ulp(sum) / 4; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    /** {@code erfc(x) sqrt(pi) exp(x^2) = 1 / (x + (1/2) / (x + 1 / (x + (3/2) / (x + ...))))}. */
    private static double fraction(double x) {
        double tail = x;
        for (int n = 80; n >= 1; n--) {
            tail = x + n / 2.0 / tail;
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
    }

    /** {@code x P(X <= x)} of a normal distribution. */
    static double gelu(double x) {
        return 0.5 * x * complement(-x / Math.sqrt(2));
    }
}
