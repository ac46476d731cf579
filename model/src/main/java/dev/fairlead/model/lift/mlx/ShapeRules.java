package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.mlx.Argument;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The same numbers in another arrangement. Sizes are taken from the traced output, which has no -1. */
final class ShapeRules {
    private ShapeRules() {}

    static void register(Rules rules) {
        Lowering reshape = (node, out) -> reshape(node.output(), out.of(node.input(0)), out);
        rules.add("Reshape", 1, 1, reshape);
        rules.add("Flatten", 2, 1, reshape);
        rules.add("Unflatten", 2, 1, reshape);
        rules.add("Squeeze", 1, 1, (node, out) -> axes(node, "Squeeze", out));
        rules.add("ExpandDims", 1, 1, (node, out) -> axes(node, "Unsqueeze", out));
        rules.add(
                "Transpose",
                1,
                1,
                (node, out) -> out.result(
                        node.output(), "Transpose", Attributes.of("perm", node.integers(0)), out.of(node.input(0))));
        rules.add("Broadcast", 1, 1, ShapeRules::broadcast);
        rules.add("BroadcastAxes", 1, 1, ShapeRules::broadcast);
        rules.add(
                "Concatenate",
                1,
                1,
                (node, out) -> out.result(
                        node.output(),
                        "Concat",
                        Attributes.of("axis", node.integer(0)),
                        node.inputs().stream().map(out::of).toArray(String[]::new)));
        rules.add("Pad", 3, 1, ShapeRules::pad);
        rules.add("Split", 2, 1, ShapeRules::split);
        rules.add("Arange", 3, 1, ShapeRules::arange);
        rules.add("NumberOfElements", 3, 1, ShapeRules::numberOfElements);
    }

    /** Reshapes to a value's shape. */
    static void reshape(MlxValue to, String from, Emitter out) {
        out.result(to, "Reshape", allowZero(to), from, target(to.shape(), out));
    }

    /** Zero means "copy" to ONNX unless told otherwise. */
    private static Map<String, Attribute> allowZero(MlxValue to) {
        boolean inferred = inferable(to.shape());
        return inferred ? Attributes.NONE : Attributes.of("allowzero", 1);
    }

    /** One unknown size is inferred from the others; more are computed from the inputs' shapes. */
    static String target(List<Expression> shape, Emitter out) {
        return inferable(shape)
                ? out.integers(
                        shape.stream().map(size -> size.constant().orElse(-1)).toList())
                : out.shape(shape);
    }

    private static boolean inferable(List<Expression> shape) {
        return shape.stream().filter(size -> size.constant().isEmpty()).count() == 1
                && shape.stream().noneMatch(size -> size.constant().orElse(1) == 0);
    }

    private static void axes(MlxNode node, String op, Emitter out) {
        out.result(node.output(), op, out.of(node.input(0)), out.integers(node.integers(0)));
    }

    private static void broadcast(MlxNode node, Emitter out) {
        if (node.input(0).shape().equals(node.output().shape())) {
            out.result(node.output(), "Identity", out.of(node.input(0)));
        } else {
            out.result(
                    node.output(),
                    "Expand",
                    out.of(node.input(0)),
                    out.shape(node.output().shape()));
        }
    }

    private static void pad(MlxNode node, Emitter out) {
        List<Long> pads = new ArrayList<>(node.integers(1));
        pads.addAll(node.integers(2));
        out.result(
                node.output(),
                "Pad",
                out.of(node.input(0)),
                out.integers(pads),
                out.of(node.input(1)),
                out.integers(node.integers(0)));
    }

    private static void split(MlxNode node, Emitter out) {
        int axis = Math.toIntExact(node.integer(1));
        List<Expression> sizes =
                node.outputs().stream().map(part -> part.shape().get(axis)).toList();
        out.results(node.outputs(), "Split", Attributes.of("axis", axis), out.of(node.input(0)), out.shape(sizes));
    }

    /** Counts up in int64, which is exact, and scales in the output's type. */
    private static void arange(MlxNode node, Emitter out) {
        MlxValue value = node.output();
        double step = node.real(2);
        String count = out.inner("Squeeze", out.shape(value.shape()));
        String index = out.inner("Range", out.scalar(DType.INT64, 0), count, out.scalar(DType.INT64, 1));
        if (node.arguments().getFirst() instanceof Argument.Size(Expression from)) {
            String first = out.inner("Squeeze", out.shape(List.of(from)));
            String steps =
                    step == 1 ? index : out.inner("Mul", index, out.scalar(DType.INT64, (double) node.integer(2)));
            out.result(value, "Cast", Casts.to(value.dtype()), out.inner("Add", steps, first));
            return;
        }
        double start = node.real(0);
        if (start == 0 && step == 1) {
            out.result(value, "Cast", Casts.to(value.dtype()), index);
            return;
        }
        DType exact = value.dtype().isFloating() ? value.dtype() : DType.INT64;
        String number = exact == DType.INT64 ? index : out.inner("Cast", Casts.to(exact), index);
        String scaled = out.inner("Mul", number, out.scalar(exact, step));
        String moved = out.inner("Add", scaled, out.scalar(exact, start));
        out.result(value, "Cast", Casts.to(value.dtype()), moved);
    }

    private static void numberOfElements(MlxNode node, Emitter out) {
        Expression count = Expression.of(1);
        for (long axis : node.integers(0)) {
            count = count.times(node.input(0).shape().get(Math.toIntExact(axis)));
        }
        String number =
                out.inner("Cast", Casts.to(node.output().dtype()), out.inner("Squeeze", out.shape(List.of(count))));
        if (node.flag(1)) {
            out.result(node.output(), "Reciprocal", number);
        } else {
            out.result(node.output(), "Identity", number);
        }
    }
}
