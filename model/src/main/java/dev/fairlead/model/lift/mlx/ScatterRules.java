package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Elements put to computed indices. */
final class ScatterRules {
    private ScatterRules() {}

    static void register(Rules rules) {
        rules.add("Scatter", 2, 1, ScatterRules::scatter);
        rules.add("ScatterAxis", 2, 1, ScatterRules::scatterAxis);
        rules.add("MaskedScatter", 0, 1, ScatterRules::masked);
    }

    /** MLX's updates have the indices' axes first, then the slice, with the indexed axes kept at size 1. */
    private static void scatter(MlxNode node, Emitter out) {
        List<Integer> axes = node.integers(1).stream().map(Math::toIntExact).toList();
        MlxValue target = node.input(0);
        int count = axes.size();
        if (count == 0 || node.inputs().size() != count + 2) {
            throw unsupported(
                    node, count + " indexed axes, but " + (node.inputs().size() - 2) + " indices");
        }
        MlxValue updates = node.input(count + 1);
        int batch = updates.rank() - target.rank();
        List<Integer> order = new ArrayList<>(axes);
        List<Expression> shape = new ArrayList<>(updates.shape().subList(0, batch));
        for (int i = 0; i < target.rank(); i++) {
            Expression size = updates.shape().get(batch + i);
            boolean indexed = axes.contains(i);
            if (!size.equals(indexed ? Expression.of(1) : target.shape().get(i))) {
                throw unsupported(node, "only slices of one whole row can be converted");
            }
            if (!indexed) {
                order.add(i);
                shape.add(size);
            }
        }
        DType dtype = node.output().dtype();
        String reduction = reduction(node);
        DType wide = wide(dtype, reduction);
        String data = out.cast(out.permuted(target, order), dtype, wide);
        String rows = out.inner("Reshape", out.of(updates), ShapeRules.target(shape, out));
        String indices = columns(node.inputs().subList(1, count + 1), node, out);
        Map<String, Attribute> how = Map.of("reduction", new Attribute.Text(reduction));
        String put = out.inner("ScatterND", how, data, indices, out.cast(rows, dtype, wide));
        List<Integer> back = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            back.add(order.indexOf(i));
        }
        out.narrowed(node.output(), wide, "Transpose", Attributes.of("perm", back), put);
    }

    /** One tensor with all the indices of an element in its last axis. */
    static String columns(List<MlxValue> indices, MlxNode node, Emitter out) {
        String last = out.integers(List.of(-1));
        List<String> columns = new ArrayList<>();
        for (MlxValue index : indices) {
            if (!index.shape().equals(indices.getFirst().shape())) {
                throw unsupported(node, "only indices of one shape can be converted");
            }
            String wide = out.cast(out.of(index), index.dtype(), DType.INT64);
            columns.add(out.inner("Unsqueeze", wide, last));
        }
        return columns.size() == 1
                ? columns.getFirst()
                : out.inner("Concat", Attributes.of("axis", -1), columns.toArray(String[]::new));
    }

    private static void scatterAxis(MlxNode node, Emitter out) {
        // MLX has two kinds here: sum, and put.
        String reduction = node.integer(0) == 0 ? "add" : "none";
        DType dtype = node.output().dtype();
        DType wide = wide(dtype, reduction);
        MlxValue updates = node.input(2);
        Map<String, Attribute> how =
                Map.of("axis", new Attribute.Int(node.integer(1)), "reduction", new Attribute.Text(reduction));
        String data = out.cast(out.of(node.input(0)), dtype, wide);
        String indices = out.cast(out.of(node.input(1)), node.input(1).dtype(), DType.INT64);
        if (!updates.shape().equals(node.input(1).shape())) {
            throw unsupported(node, "only indices and updates of one shape can be converted");
        }
        out.narrowed(
                node.output(), wide, "ScatterElements", how, data, indices, out.cast(out.of(updates), dtype, wide));
    }

    /** The n-th true element of the mask takes the n-th element of the source, each batch (first axis) on its own. */
    private static void masked(MlxNode node, Emitter out) {
        MlxValue target = node.input(0);
        String x = rows(target, out);
        String mask = rows(node.input(1), out);
        String source = rows(node.input(2), out);
        String ones = out.inner("Cast", Casts.to(DType.INT64), mask);
        String counted = out.inner("CumSum", ones, out.scalar(DType.INT64, 1));
        String place = out.inner("Sub", counted, ones);
        // Where nothing is taken, any place that there is will do.
        String index = out.inner("Where", mask, place, out.scalar(DType.INT64, 0));
        String taken = out.inner("GatherElements", Attributes.of("axis", 1), source, index);
        DType dtype = target.dtype();
        DType wide = ComparisonRules.choosing(dtype);
        String put = out.inner("Where", mask, out.cast(taken, dtype, wide), out.cast(x, dtype, wide));
        ShapeRules.reshape(node.output(), out.cast(put, wide, dtype), out);
    }

    /** {@code [batch, everything else]}. */
    private static String rows(MlxValue value, Emitter out) {
        Map<String, Attribute> from = Attributes.of("axis", 1);
        return value.rank() == 2 ? out.of(value) : out.inner("Flatten", from, out.of(value));
    }

    private static String reduction(MlxNode node) {
        return switch ((int) node.integer(0)) {
            case 0 -> "max";
            case 1 -> "min";
            case 2 -> "add";
            case 3 -> "mul";
            case 4 -> "none";
            default -> throw unsupported(node, "no known kind of scatter");
        };
    }

    private static DType wide(DType dtype, String reduction) {
        if (reduction.equals("none")) {
            return dtype;
        }
        return Widths.ofHalves(reduction.startsWith("m") ? Widths.ofComparing(dtype) : Widths.ofWrapping(dtype));
    }

    private static ModelException unsupported(MlxNode node, String problem) {
        return new ModelException(ErrorCode.UNSUPPORTED, node.file(), node.path(), problem);
    }
}
