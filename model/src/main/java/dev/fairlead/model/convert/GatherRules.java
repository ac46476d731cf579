package dev.fairlead.model.convert;

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
        rules.add("GatherAxis", 1, 1, (node, out) -> out.result(
                node.output(),
                "GatherElements",
                Attributes.of("axis", node.integer(0)),
                out.of(node.input(0)),
                signed(node.input(1), out)));
    }

    /**
     * MLX's result has the indices' axes first, then the slice with the indexed axis kept at size 1; ONNX puts the
     * indices' axes where the indexed axis was.
     */
    private static void gather(MlxNode node, Emitter out) {
        List<Long> axes = node.integers(0);
        MlxValue source = node.input(0);
        List<Expression> slice = node.sizes(1);
        if (axes.size() != 1 || node.inputs().size() != 2) {
            throw unsupported(node, "only one indexed axis can be converted, not " + axes.size());
        }
        int axis = Math.toIntExact(axes.getFirst());
        for (int i = 0; i < slice.size(); i++) {
            Expression wanted = i == axis ? Expression.of(1) : source.shape().get(i);
            if (!slice.get(i).equals(wanted)) {
                throw unsupported(node, "only slices of one whole row can be converted");
            }
        }
        MlxValue indices = node.input(1);
        String taken =
                out.inner("Gather", Attributes.of("axis", axis), out.of(source), signed(indices, out));
        if (axis > 0 && indices.rank() > 0) {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < indices.rank(); i++) {
                order.add(axis + i);
            }
            for (int i = 0; i < source.rank() + indices.rank() - 1; i++) {
                if (i < axis || i >= axis + indices.rank()) {
                    order.add(i);
                }
            }
            taken = out.inner("Transpose", Attributes.of("perm", order), taken);
        }
        ShapeRules.reshape(node.output(), taken, out);
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
