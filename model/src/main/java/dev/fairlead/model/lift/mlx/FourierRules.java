package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Discrete Fourier transforms, in float64 because ONNX Runtime's in float32 lose digits. */
final class FourierRules {
    private FourierRules() {}

    static void transform(MlxNode node, Emitter out) {
        List<Integer> axes = node.integers(0).stream().map(Math::toIntExact).toList();
        boolean inverse = node.flag(1);
        boolean halved = node.flag(2);
        if (axes.isEmpty()) {
            throw new ModelException(
                    ErrorCode.UNSUPPORTED, node.file(), node.path() + ".arguments", "no known form of a transform");
        }
        MlxValue x = node.input(0);
        String last = out.integers(List.of(-1));
        String parts = out.inner("Unsqueeze", ComplexRules.real(x, out), last);
        if (ComplexRules.isComplex(x)) {
            String second = out.inner("Unsqueeze", ComplexRules.imaginary(x, out), last);
            parts = out.inner("Concat", Attributes.of("axis", -1), parts, second);
        }
        String value = out.cast(parts, DType.FLOAT32, DType.FLOAT64);
        List<Integer> others = new ArrayList<>(axes);
        int real = others.removeLast();
        if (inverse) {
            value = along(value, others, true, out);
        }
        if (!halved) {
            value = along(value, List.of(real), inverse, out);
        } else if (inverse) {
            value = along(whole(value, x, node.output(), real, out), List.of(real), true, out);
        } else {
            Map<String, Attribute> half = Map.of("onesided", new Attribute.Int(1));
            value = out.inner("DFT", half, value, "", out.scalar(DType.INT64, real));
        }
        if (!inverse) {
            value = along(value, others, false, out);
        }
        String narrow = out.cast(value, DType.FLOAT64, DType.FLOAT32);
        List<String> sides = out.inners(
                "Split", Map.of("axis", new Attribute.Int(-1), "num_outputs", new Attribute.Int(2)), 2, narrow);
        if (ComplexRules.isComplex(node.output())) {
            ComplexRules.results(
                    node, out, "Squeeze", List.of(sides.getFirst(), last), "Squeeze", List.of(sides.getLast(), last));
        } else {
            out.result(node.output(), "Squeeze", sides.getFirst(), last);
        }
    }

    private static String along(String value, List<Integer> axes, boolean inverse, Emitter out) {
        String changed = value;
        for (int axis : axes) {
            Map<String, Attribute> how = Map.of("inverse", new Attribute.Int(inverse ? 1 : 0));
            changed = out.inner("DFT", how, changed, "", out.scalar(DType.INT64, axis));
        }
        return changed;
    }

    /** The other half of a spectrum is the conjugate of the first, backwards. */
    private static String whole(String half, MlxValue x, MlxValue result, int axis, Emitter out) {
        Expression size = result.shape().get(axis);
        Expression rest = size.plus(x.shape().get(axis).times(Expression.of(-1)));
        String mirrored = out.inner(
                "Slice",
                half,
                out.shape(List.of(rest)),
                out.integers(List.of(0)),
                out.integers(List.of(axis)),
                out.integers(List.of(-1)));
        Tensor signs = Tensor.allocate(DType.FLOAT64, List.of(2L));
        signs.set(0, 1.0);
        signs.set(1, -1.0);
        String conjugate = out.inner("Mul", mirrored, out.constant(signs));
        return out.inner("Concat", Attributes.of("axis", axis), half, conjugate);
    }
}
