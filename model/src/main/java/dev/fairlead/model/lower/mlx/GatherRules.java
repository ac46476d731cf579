package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.lower.mlx.IndexPrimitives.Write;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Elements picked and written by indices. */
final class GatherRules {
    private GatherRules() {}

    static void register(Rules rules) {
        rules.add(
                "Gather",
                (node, mlx) -> mlx.take(
                        node.input(0),
                        node.input(1),
                        node.axis("axis", 0, node.input(0).rank())));
        rules.add("GatherElements", GatherRules::gatherElements);
        rules.add("GatherND", GatherRules::gatherNd);
        rules.add("ScatterElements", GatherRules::scatterElements);
        rules.add("Scatter", GatherRules::scatterElements);
        rules.add("ScatterND", GatherRules::scatterNd);
        rules.add("TensorScatter", GatherRules::tensorScatter);
        rules.add("ReverseSequence", GatherRules::reverseSequence);
        rules.add("ai.onnx.ml.ArrayFeatureExtractor", (node, mlx) -> {
            Operand x = node.input(0);
            Operand indices = node.input(1);
            return mlx.take(x, mlx.reshape(indices, List.of(Shapes.product(indices.shape()))), x.rank() - 1);
        });
    }

    /** The other axes may be shorter in the indices than in the source. */
    private static Operand gatherElements(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        Operand indices = node.input(1);
        int axis = node.axis("axis", 0, x.rank());
        Operand cut = x;
        for (int other = 0; other < x.rank(); other++) {
            if (other != axis && !x.size(other).equals(indices.size(other))) {
                cut = mlx.slice(cut, other, 0, indices.fixed(other));
            }
        }
        return mlx.takeAlong(cut, indices, axis);
    }

    private static Operand gatherNd(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        int batch = Math.toIntExact(node.integer("batch_dims", 0));
        Operand tuples = node.input(1);
        int last = tuples.rank() - 1;
        List<Operand> indices = new ArrayList<>();
        for (int axis = 0; axis < batch; axis++) {
            Operand own = mlx.arangeAlong(x.size(axis), tuples.dtype(), axis, last);
            indices.add(mlx.broadcast(own, tuples.shape().subList(0, last)));
        }
        indices.addAll(columns(tuples, mlx));
        return mlx.gather(x, indices);
    }

    /** The last axis' elements, each an array of its own. */
    private static List<Operand> columns(Operand tuples, Primitives mlx) {
        int last = tuples.rank() - 1;
        List<Operand> columns = new ArrayList<>();
        for (long i = 0; i < tuples.fixed(last); i++) {
            columns.add(mlx.squeeze(mlx.slice(tuples, last, i, i + 1), last));
        }
        return columns;
    }

    private static Write write(Operation node) {
        String reduction = node.text("reduction", "none");
        return switch (reduction) {
            case "none" -> Write.REPLACE;
            case "add" -> Write.ADD;
            case "mul" -> Write.MULTIPLY;
            case "max" -> Write.MAXIMUM;
            case "min" -> Write.MINIMUM;
            default -> throw Refusal.of("no reduction is called " + reduction);
        };
    }

    private static Operand scatterElements(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        Operand places = node.input(1);
        int axis = node.axis("axis", 0, x.rank());
        List<Operand> indices = new ArrayList<>();
        for (int other = 0; other < x.rank(); other++) {
            indices.add(
                    other == axis
                            ? places
                            : mlx.broadcast(
                                    mlx.arangeAlong(places.size(other), places.dtype(), other, x.rank()),
                                    places.shape()));
        }
        return mlx.scatter(write(node), x, indices, node.input(2));
    }

    private static Operand scatterNd(Operation node, Primitives mlx) {
        return mlx.scatter(write(node), node.input(0), columns(node.input(1), mlx), node.input(2));
    }

    /** Writes into a cache along an axis, from a place of its own for each batch entry on, around the end where circular. */
    private static Operand tensorScatter(Operation node, Primitives mlx) {
        Operand cache = node.input(0);
        Operand update = node.input(1);
        int axis = node.axis("axis", -2, cache.rank());
        Operand steps = mlx.arangeAlong(update.size(axis), DType.INT64, axis, cache.rank());
        Operand places = node.optional(2)
                .map(start -> mlx.add(mlx.reshape(mlx.cast(start, DType.INT64), ones(start, cache.rank())), steps))
                .orElse(steps);
        if (node.text("mode", "linear").equals("circular")) {
            places = mlx.binary("Remainder", places, mlx.scalar(DType.INT64, cache.fixed(axis)));
        }
        List<Operand> indices = new ArrayList<>();
        for (int other = 0; other < cache.rank(); other++) {
            Operand own =
                    other == axis ? places : mlx.arangeAlong(update.size(other), DType.INT64, other, cache.rank());
            indices.add(mlx.broadcast(own, update.shape()));
        }
        return mlx.scatter(Write.REPLACE, cache, indices, update);
    }

    private static List<Expression> ones(Operand vector, int rank) {
        List<Expression> shape = new ArrayList<>(vector.shape());
        while (shape.size() < rank) {
            shape.add(Shapes.ONE);
        }
        return shape;
    }

    /** The first so many elements of each batch entry backwards, the rest as they are. */
    private static Operand reverseSequence(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        int time = Math.toIntExact(node.integer("time_axis", 0));
        int batch = Math.toIntExact(node.integer("batch_axis", 1));
        List<Expression> along = new ArrayList<>(Collections.nCopies(x.rank(), Shapes.ONE));
        along.set(batch, x.size(batch));
        Operand lengths = mlx.reshape(mlx.cast(node.input(1), DType.INT64), along);
        Operand steps = mlx.arangeAlong(x.size(time), DType.INT64, time, x.rank());
        Operand backwards = mlx.subtract(mlx.add(lengths, -1), steps);
        Operand places = mlx.select(mlx.less(steps, lengths), backwards, steps);
        return mlx.takeAlong(x, mlx.broadcast(places, x.shape()), time);
    }
}
