package dev.fairlead.model.interpret;

/** Functions that Java lacks, within some units in the last place of float64. */
final class Functions {
    private static final double TWO_BY_ROOT_PI = 2 / Math.sqrt(Math.PI);

    /** From here on the continued fraction converges faster than the series. */
    private static final double SERIES_BELOW = 2.5;

    private Functions() {}

    /**
     * The error function. Near zero the series of positive terms erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!
     * (Abramowitz and Stegun 7.1.6), else by {@link #erfc}.
     */
    static double erf(double x) {
        double magnitude = Math.abs(x);
        if (!(magnitude < SERIES_BELOW)) {
            return Double.isNaN(x) ? x : Math.copySign(1 - erfc(magnitude), x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-18; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return TWO_BY_ROOT_PI * StrictMath.exp(-x * x) * sum;
    }

    /** The complementary error function; for large x its continued fraction (Abramowitz and Stegun 7.1.14), from the far end. */
    static double erfc(double x) {
        if (!(x >= SERIES_BELOW)) {
            return 1 - erf(x);
        }
        double tail = x;
        for (int n = 120; n >= 1; n--) {
            tail = x + n / 2.0 / tail;
        }
        return StrictMath.exp(-x * x) / Math.sqrt(Math.PI) / tail;
    }

    static double asinh(double x) {
        double a = Math.abs(x);
        double square = a * a;
        double value = Double.isInfinite(square)
                ? StrictMath.log(a) + StrictMath.log(2)
                : StrictMath.log1p(a + square / (1 + Math.sqrt(1 + square)));
        return Math.copySign(value, x);
    }

    static double acosh(double x) {
        double t = x - 1;
        double square = t * t;
        return Double.isInfinite(square)
                ? StrictMath.log(x) + StrictMath.log(2)
                : StrictMath.log1p(t + Math.sqrt(2 * t + square));
    }

    static double atanh(double x) {
        return Math.copySign(StrictMath.log1p(2 * Math.abs(x) / (1 - Math.abs(x))) / 2, x);
    }

    /** 1 / (1 + e^(−x)), without overflow on either side. */
    static double sigmoid(double x) {
        double e = StrictMath.exp(-Math.abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    /** log(1 + e^x), without overflow. */
    static double softplus(double x) {
        return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }

    /** x · Φ(x), exact. For negative x the distribution's tail is taken itself, not as a difference from one. */
    static double gelu(double x) {
        double half = Math.sqrt(0.5);
        return x < 0 ? x * erfc(-x * half) / 2 : x * (1 + erf(x * half)) / 2;
    }

    /** The approximation of GELU by tanh. */
    static double geluTanh(double x) {
        return x / 2 * (1 + StrictMath.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }
}
