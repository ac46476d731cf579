package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.provenance.WeightTransform;
import dev.fairlead.model.quantised.AffineWeight;
import dev.fairlead.model.quantised.ZeroPoints;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Products with quantised weights. */
final class QuantisedRules {
    private QuantisedRules() {}

    static void register(Rules rules) {
        rules.add("QuantizedMatmul", 4, 1, QuantisedRules::product);
        rules.add("GatherQMM", 6, 1, QuantisedRules::gathered);
    }

    private static void product(MlxNode node, Emitter out) {
        QuantisedMode mode = QuantisedMode.of(node);
        boolean transposed = node.flag(3);
        Optional<AffineWeight> weight =
                mode.kind() == QuantisedMode.Kind.AFFINE ? affine(node, mode, out) : Optional.empty();
        if (transposed
                && weight.isPresent()
                && weight.get().packed().shape().size() == 2
                && node.input(0).rank() > 1
                && node.input(0).dtype() == node.input(2).dtype()) {
            packed(node, weight.get(), out);
            return;
        }
        MlxValue x = node.input(0);
        String w = Dequantising.rows(node, mode, 1, Optional.empty(), x.dtype(), out);
        out.result(
                node.output(),
                "MatMul",
                out.of(x),
                transposed ? swapped(w, node.input(1).rank(), out) : w);
    }

    /**
     * MatMulNBits over MLX's own bytes. It knows integer zero points only; what they leave of the biases meets each group's sum of x:
     * Σ x·(q·s + b) = Σ x·(q − z)·s + Σ_groups (Σ x)·(b + z·s).
     */
    private static void packed(MlxNode node, AffineWeight weight, Emitter out) {
        MlxValue x = node.input(0);
        MlxValue w = node.input(1);
        MlxValue biases = node.input(3);
        ZeroPoints zeros = ZeroPoints.of(weight, out.arena());
        Tensor payload = weight.payload(out.arena());
        List<WeightTransform> same = List.of(new WeightTransform.Reinterpret(DType.UINT8, payload.shape()));
        List<WeightTransform> wide = List.of(
                new WeightTransform.Widen(weight.bits(), 8),
                new WeightTransform.Reinterpret(DType.UINT8, payload.shape()));
        String b = out.derived(w, "payload", weight.bits() == weight.payloadBits() ? same : wide, () -> payload);
        List<WeightTransform> points =
                List.of(new WeightTransform.Computed("zero points nearest to -bias/scale, packed"));
        String z = out.derived(biases, "zero-points", points, zeros::packed);
        Map<String, Attribute> attributes = Map.of(
                "K", new Attribute.Int(weight.columns()),
                "N", new Attribute.Int(weight.rows()),
                "bits", new Attribute.Int(weight.payloadBits()),
                "block_size", new Attribute.Int(weight.group()));
        String scales = out.of(node.input(2));
        String operator = "com.microsoft.MatMulNBits";
        if (zeros.exact()) {
            out.result(node.output(), operator, attributes, out.of(x), b, scales, z);
            return;
        }
        String product = out.inner(operator, attributes, out.of(x), b, scales, z);
        List<WeightTransform> rest = List.of(
                new WeightTransform.Computed("bias + zero point * scale"), new WeightTransform.Permute(List.of(1, 0)));
        String residuals = out.derived(biases, "residuals", rest, () -> transposed(zeros.residuals(), out));
        out.result(node.output(), "Add", product, out.inner("MatMul", sums(x, weight.group(), out), residuals));
    }

    /** The sum of x over each group; products of one x share it. */
    private static String sums(MlxValue x, int group, Emitter out) {
        return out.once("sums of " + group + " in " + x.name(), () -> {
            List<Expression> shape = new java.util.ArrayList<>(x.shape());
            long columns = shape.removeLast().constant().orElseThrow();
            shape.add(Expression.of(columns / group));
            shape.add(Expression.of(group));
            String groups = out.inner("Reshape", out.of(x), ShapeRules.target(shape, out));
            return out.inner("ReduceSum", Attributes.of("keepdims", 0), groups, out.integers(List.of(-1)));
        });
    }

    private static Tensor transposed(Tensor tensor, Emitter out) {
        return dev.fairlead.model.tensor.Permutation.apply(tensor, List.of(1, 0), out.arena());
    }

    /** For each row of the result its own matrix, picked by an index. */
    private static void gathered(MlxNode node, Emitter out) {
        QuantisedMode mode = QuantisedMode.of(node);
        boolean transposed = node.flag(3);
        int indices = node.inputs().size() - 2;
        MlxValue x = node.input(0);
        String w = Dequantising.rows(node, mode, 1, Optional.of(node.input(indices + 1)), x.dtype(), out);
        int rank = node.input(indices + 1).rank() + 2;
        String picked = BlockRules.picked(x, node.input(indices), out);
        out.result(node.output(), "MatMul", picked, transposed ? swapped(w, rank, out) : w);
    }

    private static Optional<AffineWeight> affine(MlxNode node, QuantisedMode mode, Emitter out) {
        Optional<Tensor> packed = out.constant(node.input(1));
        Optional<Tensor> scales = out.constant(node.input(2));
        Optional<Tensor> biases = out.constant(node.input(3));
        if (packed.isEmpty() || scales.isEmpty() || biases.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new AffineWeight(packed.get(), scales.get(), biases.get(), mode.bits(), mode.group()));
        } catch (IllegalArgumentException e) {
            throw new ModelException(
                    ErrorCode.MALFORMED, node.file(), node.path() + ".inputs", String.valueOf(e.getMessage()));
        }
    }

    private static String swapped(String matrix, int rank, Emitter out) {
        List<Integer> order = new java.util.ArrayList<>();
        for (int axis = 0; axis < rank - 2; axis++) {
            order.add(axis);
        }
        order.add(rank - 1);
        order.add(rank - 2);
        return out.inner("Transpose", Attributes.of("perm", order), matrix);
    }
}
