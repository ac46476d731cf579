package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Elements by computed indices. */
final class GatherRules {
    private GatherRules() {}

    static void register(Rules rules) {
        rules.add("Gather", 2, 1, GatherRules::gather);
        rules.add(
                "GatherAxis",
                1,
                1,
                (node, out) -> out.result(
                        node.output(),
                        "GatherElements",
                        Attributes.of("axis", node.integer(0)),
                        out.of(node.input(0)),
                        signed(node.input(1), out)));
    }

    /** MLX's result has the indices' axes first, then the slice, with the indexed axes kept at size 1. */
    private static void gather(MlxNode node, Emitter out) {
        List<Integer> axes = node.integers(0).stream().map(Math::toIntExact).toList();
        MlxValue source = node.input(0);
        List<Expression> slice = node.sizes(1);
        if (axes.isEmpty() || node.inputs().size() != axes.size() + 1) {
            throw unsupported(
                    node, axes.size() + " indexed axes, but " + (node.inputs().size() - 1) + " indices");
        }
        for (int i = 0; i < slice.size(); i++) {
            Expression wanted =
                    axes.contains(i) ? Expression.of(1) : source.shape().get(i);
            if (!slice.get(i).equals(wanted)) {
                throw unsupported(node, "only slices of one whole row can be converted");
            }
        }
        String taken = axes.size() == 1 ? one(node, axes.getFirst(), out) : many(node, axes, out);
        ShapeRules.reshape(node.output(), taken, out);
    }

    /** ONNX puts the indices' axes where the indexed axis was. */
    private static String one(MlxNode node, int axis, Emitter out) {
        MlxValue source = node.input(0);
        MlxValue indices = node.input(1);
        String taken = out.inner("Gather", Attributes.of("axis", axis), out.of(source), signed(indices, out));
        if (axis == 0 || indices.rank() == 0) {
            return taken;
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < indices.rank(); i++) {
            order.add(axis + i);
        }
        for (int i = 0; i < source.rank() + indices.rank() - 1; i++) {
            if (i < axis || i >= axis + indices.rank()) {
                order.add(i);
            }
        }
        return out.inner("Transpose", Attributes.of("perm", order), taken);
    }

    /** GatherND wants the indexed axes first and one tensor with all the indices of an element. */
    private static String many(MlxNode node, List<Integer> axes, Emitter out) {
        MlxValue source = node.input(0);
        List<Integer> order = new ArrayList<>(axes);
        for (int i = 0; i < source.rank(); i++) {
            if (!axes.contains(i)) {
                order.add(i);
            }
        }
        String last = out.integers(List.of(-1));
        List<String> columns = new ArrayList<>();
        for (MlxValue indices : node.inputs().subList(1, node.inputs().size())) {
            if (!indices.shape().equals(node.input(1).shape())) {
                throw unsupported(node, "only indices of one shape can be converted");
            }
            String wide = out.inner("Cast", Casts.to(DType.INT64), out.of(indices));
            columns.add(out.inner("Unsqueeze", wide, last));
        }
        String indices = out.inner("Concat", Attributes.of("axis", -1), columns.toArray(String[]::new));
        return out.inner("GatherND", out.permuted(source, order), indices);
    }

    /** ONNX indexes with signed integers. */
    private static String signed(MlxValue indices, Emitter out) {
        return switch (indices.dtype()) {
            case INT32, INT64 -> out.of(indices);
            default -> out.inner("Cast", Casts.to(DType.INT64), out.of(indices));
        };
    }

    private static ModelException unsupported(MlxNode node, String problem) {
        return new ModelException(ErrorCode.UNSUPPORTED, node.file(), node.path(), problem);
    }
}
