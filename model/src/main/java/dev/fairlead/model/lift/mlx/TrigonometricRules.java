package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.tensor.DType;

/** Angles of points, which ONNX has no operator for. */
final class TrigonometricRules {
    private TrigonometricRules() {}

    static void register(Rules rules) {
        rules.add("ArcTan2", 0, 1, TrigonometricRules::arcTan2);
    }

    /** atan(|y| / |x|), which 0/0 and ∞/∞ leave open, turned by the signs of x and y; those of zeros count. */
    private static void arcTan2(MlxNode node, Emitter out) {
        DType dtype = Widths.ofHalves(node.output().dtype());
        String[] operands = Widths.operands(node, dtype, out);
        out.narrowed(node.output(), dtype, "Identity", Attributes.NONE, angle(operands[0], operands[1], dtype, out));
    }

    /** The angle of the point (x, y). */
    static String angle(String y, String x, DType dtype, Emitter out) {
        String zero = out.scalar(dtype, 0);
        String one = out.scalar(dtype, 1);
        String infinity = out.scalar(dtype, Double.POSITIVE_INFINITY);
        String height = out.inner("Abs", y);
        String width = out.inner("Abs", x);
        String none = out.inner("And", out.inner("Equal", height, zero), out.inner("Equal", width, zero));
        String both = out.inner("And", out.inner("Equal", height, infinity), out.inner("Equal", width, infinity));
        String ratio = out.inner("Div", height, width);
        String defined = out.inner("Where", none, zero, out.inner("Where", both, one, ratio));
        String acute = out.inner("Atan", defined);
        // A constant would be a neighbour of π, and the graph would mean another angle.
        String pi = out.inner("Acos", out.scalar(dtype, -1));
        String turned = out.inner("Sub", pi, acute);
        String above = out.inner("Where", isNegative(x, zero, one, out), turned, acute);
        String negative = isNegative(y, zero, one, out);
        return out.inner("Where", negative, out.inner("Neg", above), above);
    }

    /** The sign of a zero shows in its reciprocal. */
    private static String isNegative(String x, String zero, String one, Emitter out) {
        String reciprocal = out.inner("Less", out.inner("Div", one, x), zero);
        String isZero = out.inner("Equal", x, zero);
        return out.inner("Or", out.inner("Less", x, zero), out.inner("And", isZero, reciprocal));
    }
}
