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
import java.util.Optional;

/** Parts of an array read or replaced at a place that may be computed. */
final class UpdateRules {
    private UpdateRules() {}

    static void register(Rules rules) {
        rules.add("DynamicSlice", 2, 1, UpdateRules::dynamicSlice);
        rules.add("DynamicSliceUpdate", 1, 1, UpdateRules::dynamicUpdate);
        rules.add("SliceUpdate", 4, 1, UpdateRules::update);
    }

    /** One axis along which a part is replaced: its first index, and how many at which distance. */
    private record Part(int axis, String first, Expression count, long step) {}

    private static void dynamicSlice(MlxNode node, Emitter out) {
        List<Long> axes = node.integers(0);
        List<Expression> all = node.output().shape();
        List<Expression> sizes =
                axes.stream().map(axis -> all.get(Math.toIntExact(axis))).toList();
        String start = out.cast(out.of(node.input(1)), node.input(1).dtype(), DType.INT64);
        String x = out.of(node.input(0));
        // Axes that the start does not name begin at 0 and may be cut as well.
        List<Integer> cut = new ArrayList<>();
        for (int axis = 0; axis < all.size(); axis++) {
            if (!axes.contains((long) axis)
                    && !all.get(axis).equals(node.input(0).shape().get(axis))) {
                cut.add(axis);
            }
        }
        if (!cut.isEmpty()) {
            String none = out.integers(cut.stream().map(axis -> 0).toList());
            x = out.inner("Slice", x, none, out.shape(cut.stream().map(all::get).toList()), out.integers(cut));
        }
        String end = out.inner("Add", start, out.shape(sizes));
        out.result(node.output(), "Slice", x, start, end, out.integers(axes));
    }

    private static void dynamicUpdate(MlxNode node, Emitter out) {
        List<Long> axes = node.integers(0);
        MlxValue updates = node.input(1);
        String start = out.cast(out.of(node.input(2)), node.input(2).dtype(), DType.INT64);
        List<Part> parts = new ArrayList<>();
        for (int axis = 0; axis < updates.rank(); axis++) {
            int named = axes.indexOf((long) axis);
            if (named >= 0) {
                String first = out.inner("Gather", start, out.scalar(DType.INT64, named));
                parts.add(new Part(axis, first, updates.shape().get(axis), 1));
            } else if (!updates.shape().get(axis).equals(node.input(0).shape().get(axis))) {
                parts.add(new Part(
                        axis, out.scalar(DType.INT64, 0), updates.shape().get(axis), 1));
            }
        }
        String changed = replaced(out.of(node.input(0)), node.input(0).rank(), parts, out.of(updates), out);
        out.result(node.output(), "Identity", changed);
    }

    private static void update(MlxNode node, Emitter out) {
        MlxValue x = node.input(0);
        MlxValue updates = node.input(1);
        List<Expression> start = node.sizes(1);
        List<Expression> end = node.sizes(2);
        List<Long> step = node.integers(3);
        List<Part> parts = new ArrayList<>();
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            boolean whole = start.get(axis).equals(Expression.of(0))
                    && end.get(axis).equals(x.shape().get(axis))
                    && step.get(axis) == 1;
            if (!whole) {
                String first = out.inner("Squeeze", out.shape(List.of(start.get(axis))));
                parts.add(new Part(axis, first, updates.shape().get(axis), step.get(axis)));
                axes.add(axis);
            }
        }
        Optional<String> op = combining(node);
        String value = out.of(updates);
        if (op.isPresent()) {
            String before = axes.isEmpty()
                    ? out.of(x)
                    : out.inner(
                            "Slice",
                            out.of(x),
                            out.shape(axes.stream().map(start::get).toList()),
                            out.shape(axes.stream().map(end::get).toList()),
                            out.integers(axes),
                            out.integers(axes.stream().map(step::get).toList()));
            value = combined(op.get(), before, value, node.output().dtype(), out);
        }
        out.result(node.output(), "Identity", replaced(out.of(x), x.rank(), parts, value, out));
    }

    private static String combined(String op, String before, String value, DType dtype, Emitter out) {
        return switch (op) {
            case "Max" -> dtype.isInteger() ? Extrema.MAX.of(before, value, dtype, out) : out.inner(op, before, value);
            case "Min" -> dtype.isInteger() ? Extrema.MIN.of(before, value, dtype, out) : out.inner(op, before, value);
            default -> out.inner(op, before, value);
        };
    }

    private static Optional<String> combining(MlxNode node) {
        return switch ((int) node.integer(0)) {
            case 0 -> Optional.of("Max");
            case 1 -> Optional.of("Min");
            case 2 -> Optional.of("Add");
            case 3 -> Optional.of("Mul");
            case 4 -> Optional.empty();
            default ->
                throw new ModelException(
                        ErrorCode.UNSUPPORTED, node.file(), node.path() + ".arguments[0]", "no known kind of update");
        };
    }

    /** The array with a part replaced: along the first axis, the rows in which the rest is replaced. */
    private static String replaced(String x, int rank, List<Part> parts, String value, Emitter out) {
        if (parts.isEmpty()) {
            return value;
        }
        Part part = parts.getFirst();
        String indices = indices(part, out);
        List<Integer> order = new ArrayList<>(List.of(part.axis()));
        for (int axis = 0; axis < rank; axis++) {
            if (axis != part.axis()) {
                order.add(axis);
            }
        }
        String inner = value;
        if (parts.size() > 1) {
            String rows = out.inner("Gather", Attributes.of("axis", part.axis()), x, indices);
            inner = replaced(rows, rank, parts.subList(1, parts.size()), value, out);
        }
        String column = out.inner("Unsqueeze", indices, out.integers(List.of(-1)));
        if (part.axis() == 0) {
            return out.inner("ScatterND", x, column, inner);
        }
        Map<String, Attribute> forth = Attributes.of("perm", order);
        String moved = out.inner("Transpose", forth, x);
        String put = out.inner("ScatterND", moved, column, out.inner("Transpose", forth, inner));
        List<Integer> back = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            back.add(order.indexOf(axis));
        }
        return out.inner("Transpose", Attributes.of("perm", back), put);
    }

    private static String indices(Part part, Emitter out) {
        String count = out.inner("Squeeze", out.shape(List.of(part.count())));
        String steps = out.inner("Range", out.scalar(DType.INT64, 0), count, out.scalar(DType.INT64, 1));
        String spread =
                part.step() == 1 ? steps : out.inner("Mul", steps, out.scalar(DType.INT64, (double) part.step()));
        return out.inner("Add", spread, part.first());
    }
}
