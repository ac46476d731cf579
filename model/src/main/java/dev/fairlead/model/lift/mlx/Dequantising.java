package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.provenance.WeightTransform;
import dev.fairlead.model.quantised.Microscaled;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The dense form of a quantised weight, computed in the graph from its packed words, or ahead where they are constants. */
final class Dequantising {
    private static final Map<String, Attribute> RIGHT = Map.of("direction", new Attribute.Text("RIGHT"));
    private static final Map<String, Attribute> LEFT = Map.of("direction", new Attribute.Text("LEFT"));

    private Dequantising() {}

    /**
     * The weight whose packed words are the node's input {@code first}, followed by its scales and biases.
     *
     * @param picked which matrices of a stack of them; the result has the indices' axes first
     * @param dtype of the result
     */
    static String rows(
            MlxNode node, QuantisedMode mode, int first, Optional<MlxValue> picked, DType dtype, Emitter out) {
        if (mode.kind() != QuantisedMode.Kind.AFFINE) {
            String whole = decoded(node, mode, first, dtype, out);
            return picked.map(index -> pick(whole, index, out)).orElse(whole);
        }
        MlxValue packed = node.input(first);
        MlxValue scale = node.input(first + 1);
        List<Expression> shape = new ArrayList<>(scale.shape());
        String words = out.of(packed);
        String scales = out.of(scale);
        String biases = out.of(node.input(first + 2));
        if (picked.isPresent()) {
            words = pick(words, picked.get(), out);
            scales = pick(scales, picked.get(), out);
            biases = pick(biases, picked.get(), out);
            shape = new ArrayList<>(picked.get().shape());
            shape.addAll(scale.shape().subList(1, scale.rank()));
        }
        shape.add(Expression.of(mode.group()));
        String integers = unpacked(words, shape, mode.bits(), out);
        // Halves are dequantised in float32 and rounded once.
        DType wide = Widths.ofHalves(scale.dtype());
        String last = out.integers(List.of(-1));
        String number = out.inner("Cast", Casts.to(wide), integers);
        String s = out.inner("Unsqueeze", out.cast(scales, scale.dtype(), wide), last);
        String b = out.inner("Unsqueeze", out.cast(biases, scale.dtype(), wide), last);
        String value = out.inner("Add", out.inner("Mul", number, s), b);
        shape.removeLast();
        long groups = shape.removeLast().constant().orElseThrow();
        shape.add(Expression.of(groups * mode.group()));
        return out.cast(out.inner("Reshape", value, ShapeRules.target(shape, out)), wide, dtype);
    }

    /** Words of 32 bits to integers. Where a word holds no whole number of them, its bits are set apart first. */
    private static String unpacked(String words, List<Expression> shape, int bits, Emitter out) {
        String column = out.inner("Unsqueeze", words, out.integers(List.of(-1)));
        if (32 % bits == 0) {
            String parts = out.inner("BitShift", RIGHT, column, steps(32 / bits, bits, out));
            String masked = out.inner("BitwiseAnd", parts, scalar((1L << bits) - 1, out));
            return out.inner("Reshape", masked, ShapeRules.target(shape, out));
        }
        String single =
                out.inner("BitwiseAnd", out.inner("BitShift", RIGHT, column, steps(32, 1, out)), scalar(1, out));
        List<Expression> apart = new ArrayList<>(shape);
        apart.add(Expression.of(bits));
        String grouped = out.inner("Reshape", single, ShapeRules.target(apart, out));
        String placed = out.inner("BitShift", LEFT, grouped, steps(bits, 1, out));
        String signed = out.inner("Cast", Casts.to(DType.INT32), placed);
        return out.inner("ReduceSum", Attributes.of("keepdims", 0), signed, out.integers(List.of(-1)));
    }

    private static String steps(int count, int step, Emitter out) {
        Tensor steps = Tensor.allocate(DType.UINT32, List.of((long) count));
        for (int i = 0; i < count; i++) {
            steps.set(i, (long) i * step);
        }
        return out.constant(steps);
    }

    private static String scalar(long value, Emitter out) {
        Tensor scalar = Tensor.allocate(DType.UINT32, List.of());
        scalar.set(0, value);
        return out.constant(scalar);
    }

    private static String decoded(MlxNode node, QuantisedMode mode, int first, DType dtype, Emitter out) {
        MlxValue packed = node.input(first);
        Optional<Tensor> words = out.constant(packed);
        Optional<Tensor> scales = out.constant(node.input(first + 1));
        if (words.isEmpty() || scales.isEmpty()) {
            throw new ModelException(
                    ErrorCode.UNSUPPORTED,
                    node.file(),
                    node.path(),
                    "weights of " + mode.kind() + " that are no constants cannot be converted");
        }
        Microscaled weight = new Microscaled(words.get(), scales.get(), mode.element(), mode.scale(), mode.group());
        Optional<Tensor> same = weight.decoded(dtype, out.arena());
        DType exact = same.isPresent() ? dtype : DType.FLOAT32;
        String what = "decoded/" + exact.text();
        List<WeightTransform> how =
                List.of(new WeightTransform.Computed(mode.element().text() + " times "
                        + mode.scale().text() + " of each " + mode.group() + ", as " + exact.text()));
        String name = out.derived(
                packed,
                what,
                how,
                () -> same.or(() -> weight.decoded(DType.FLOAT32, out.arena()))
                        .orElseThrow(() -> new ModelException(
                                ErrorCode.UNSUPPORTED,
                                node.file(),
                                node.path(),
                                "a weight has no exact place in float32")));
        return out.cast(name, exact, dtype);
    }

    private static String pick(String stack, MlxValue indices, Emitter out) {
        String index = out.cast(out.of(indices), indices.dtype(), DType.INT64);
        return out.inner("Gather", Attributes.of("axis", 0), stack, index);
    }
}
