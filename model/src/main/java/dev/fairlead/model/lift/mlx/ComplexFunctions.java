package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import java.util.List;

/** Functions of complex numbers, each part written with real ones. */
final class ComplexFunctions {
    private ComplexFunctions() {}

    static void exponential(MlxNode node, Emitter out) {
        String size = out.inner("Exp", ComplexRules.real(node.input(0), out));
        String angle = ComplexRules.imaginary(node.input(0), out);
        ComplexRules.results(
                node,
                out,
                "Mul",
                List.of(size, out.inner("Cos", angle)),
                "Mul",
                List.of(size, out.inner("Sin", angle)));
    }

    /** Both sides over the divisor's larger part, after Smith, so that no square overflows. */
    static void quotient(MlxNode node, Emitter out) {
        String a = ComplexRules.real(node.input(0), out);
        String b = ComplexRules.imaginary(node.input(0), out);
        String c = ComplexRules.real(node.input(1), out);
        String d = ComplexRules.imaginary(node.input(1), out);
        String size = out.inner("Max", out.inner("Abs", c), out.inner("Abs", d));
        String e = out.inner("Div", c, size);
        String f = out.inner("Div", d, size);
        String norm = out.inner("Add", out.inner("Mul", c, e), out.inner("Mul", d, f));
        String first = out.inner("Add", out.inner("Mul", a, e), out.inner("Mul", b, f));
        String second = out.inner("Sub", out.inner("Mul", b, e), out.inner("Mul", a, f));
        ComplexRules.results(node, out, "Div", List.of(first, norm), "Div", List.of(second, norm));
    }

    static void absolute(MlxNode node, Emitter out) {
        String size = size(node.input(0), out);
        if (ComplexRules.isComplex(node.output())) {
            String zero = out.scalar(DType.FLOAT32, 0);
            String none = out.inner("Expand", zero, out.shape(node.output().shape()));
            ComplexRules.results(node, out, "Identity", List.of(size), "Identity", List.of(none));
        } else {
            out.result(node.output(), "Identity", size);
        }
    }

    /** The larger part times √(1 + ratio²), which neither overflows nor underflows where the result does not. */
    private static String size(MlxValue value, Emitter out) {
        String a = out.inner("Abs", ComplexRules.real(value, out));
        String b = out.inner("Abs", ComplexRules.imaginary(value, out));
        String large = out.inner("Max", a, b);
        String zero = out.scalar(DType.FLOAT32, 0);
        String one = out.scalar(DType.FLOAT32, 1);
        String infinite = out.inner("Equal", large, out.scalar(DType.FLOAT32, Double.POSITIVE_INFINITY));
        String extreme = out.inner("Or", out.inner("Equal", large, zero), infinite);
        String ratio = out.inner("Div", out.inner("Min", a, b), large);
        String root = out.inner("Sqrt", out.inner("Add", one, out.inner("Mul", ratio, ratio)));
        return out.inner("Where", extreme, large, out.inner("Mul", large, root));
    }

    /** Of base 2, 10 or e: log |z| and the angle, over the base's logarithm. */
    static void logarithm(MlxNode node, Emitter out) {
        MlxValue z = node.input(0);
        String size = out.inner("Log", size(z, out));
        String angle =
                TrigonometricRules.angle(ComplexRules.imaginary(z, out), ComplexRules.real(z, out), DType.FLOAT32, out);
        // the base's own logarithm is a node: as a constant it would be rounded, and the graph mean another base
        String scale = node.integer(0) == 2
                ? out.scalar(DType.FLOAT32, 1)
                : out.inner("Log", out.scalar(DType.FLOAT32, node.integer(0) == 0 ? 2 : 10));
        ComplexRules.results(node, out, "Div", List.of(size, scale), "Div", List.of(angle, scale));
    }

    /** With t = √((|z| + |a|) / 2): t + i·b/2t, or for a negative real part |b|/2t ± i·t with b's sign. */
    static void root(MlxNode node, Emitter out) {
        if (node.flag(0)) {
            throw new ModelException(
                    ErrorCode.UNSUPPORTED, node.file(), node.path(), "no rule converts complex numbers");
        }
        String a = ComplexRules.real(node.input(0), out);
        String b = ComplexRules.imaginary(node.input(0), out);
        String zero = out.scalar(DType.FLOAT32, 0);
        String two = out.scalar(DType.FLOAT32, 2);
        String sum = out.inner("Add", size(node.input(0), out), out.inner("Abs", a));
        String t = out.inner("Sqrt", out.inner("Div", sum, two));
        String other = out.inner("Div", out.inner("Abs", b), out.inner("Mul", two, t));
        String small = out.inner("Where", out.inner("Equal", t, zero), zero, other);
        String left = out.inner("Less", a, zero);
        String height = out.inner("Where", left, t, small);
        String downwards = out.inner("Less", b, zero);
        String signed = out.inner("Where", downwards, out.inner("Neg", height), height);
        ComplexRules.results(node, out, "Where", List.of(left, small, t), "Identity", List.of(signed));
    }

    /** sin: sin a · cosh b + i · cos a · sinh b; cos: cos a · cosh b − i · sin a · sinh b. */
    static void circular(MlxNode node, String first, String second, boolean negative, Emitter out) {
        String a = ComplexRules.real(node.input(0), out);
        String b = ComplexRules.imaginary(node.input(0), out);
        String height = out.inner("Mul", out.inner(second, a), out.inner("Sinh", b));
        ComplexRules.results(
                node,
                out,
                "Mul",
                List.of(out.inner(first, a), out.inner("Cosh", b)),
                negative ? "Neg" : "Identity",
                List.of(height));
    }
}
