package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.tensor.DType;

/**
 * The inverse of the error function, for which ONNX has no operator. With w = −log(1 − x²), erf⁻¹(x) / x is smooth in w below 6.25 and
 * in √w above. The polynomials are Chebyshev interpolants there, computed with 40 digits and turned to powers of t in [−1, 1]; against
 * SciPy their relative error is 1e-15 up to |x| = 1 − 1e-15. They are evaluated in float64, so that float32 rounds once.
 */
final class InverseErrorRules {
    private static final double SPLIT = 6.25;

    /** Of t = (w − 3.125) / 3.125. */
    private static final double[] CENTRE = {
        1.6536545626831027,
        0.7504943200799626,
        -0.058922567103778765,
        -0.0226044474533347,
        0.017808361818409054,
        -0.004137314381195522,
        -0.0012716922719877225,
        0.001232485623923374,
        -0.0002643936227440382,
        -0.00011688928492674177,
        9.336707602011623e-05,
        -1.5025510675329865e-05,
        -1.1255992553156828e-05,
        7.12298590641463e-06,
        -6.873322160078915e-07,
        -1.04409476550485e-06,
        5.460184001395034e-07,
        -3.233179277860726e-08,
        -1.0677834245173709e-07,
        6.063076937890128e-08,
        1.142193893192805e-08,
        -2.1866980480369276e-08,
        -1.9113909619778133e-09,
        5.531872344374431e-09,
        7.60920398413114e-10,
        -7.4974618944024e-10,
        -1.3400331431351762e-10
    };

    /** Of t = (√w − 4.375) / 1.875. */
    private static final double[] TAIL = {
        4.218480707652916,
        1.8939929107274118,
        0.001770108778794901,
        -0.0033690068678831923,
        0.002180939695027506,
        -0.0011757194100504155,
        0.0006578820463920743,
        -0.00047958498439244697,
        0.00047179220307235994,
        -0.0005007738432748632,
        0.0004758124017467426,
        -0.0003638213023271686,
        0.00019374885620312775,
        -3.057869086602223e-05,
        -7.075394515699663e-05,
        9.479683991164743e-05,
        -6.257978853970474e-05,
        1.552900408711016e-05,
        1.007052599342204e-05,
        -1.1715337201439372e-05,
        8.519783999660254e-06,
        -5.52298273252138e-06,
        -4.4065806121370994e-07,
        3.412879712228875e-06,
        -1.240250937379692e-06,
        -4.676432543659865e-07,
        2.548984806591792e-07
    };

    private InverseErrorRules() {}

    static void register(Rules rules) {
        rules.add("ErfInv", 0, 1, InverseErrorRules::erfInv);
    }

    private static void erfInv(MlxNode node, Emitter out) {
        DType dtype = node.output().dtype();
        String x = out.cast(out.of(node.input(0)), dtype, DType.FLOAT64);
        String one = number(1, out);
        String product = out.inner("Mul", out.inner("Sub", one, x), out.inner("Add", one, x));
        String w = out.inner("Neg", out.inner("Log", product));
        String centre = polynomial(CENTRE, scaled(w, 3.125, 3.125, out), out);
        String root = out.inner("Sqrt", out.inner("Max", w, number(0, out)));
        String tail = polynomial(TAIL, scaled(root, 4.375, 1.875, out), out);
        String factor = out.inner("Where", out.inner("Less", w, number(SPLIT, out)), centre, tail);
        String inside = out.inner("Mul", x, factor);
        // At ±1 the logarithm is infinite, and so is the result, with x's sign.
        String end = out.inner("Equal", out.inner("Abs", x), one);
        String infinite = out.inner("Mul", x, number(Double.POSITIVE_INFINITY, out));
        out.narrowed(node.output(), DType.FLOAT64, "Where", Attributes.NONE, end, infinite, inside);
    }

    private static String scaled(String value, double middle, double half, Emitter out) {
        return out.inner("Div", out.inner("Sub", value, number(middle, out)), number(half, out));
    }

    private static String polynomial(double[] coefficients, String t, Emitter out) {
        String value = number(coefficients[coefficients.length - 1], out);
        for (int i = coefficients.length - 2; i >= 0; i--) {
            value = out.inner("Add", out.inner("Mul", value, t), number(coefficients[i], out));
        }
        return value;
    }

    private static String number(double value, Emitter out) {
        return out.scalar(DType.FLOAT64, value);
    }
}
