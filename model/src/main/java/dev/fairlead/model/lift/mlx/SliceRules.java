package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Parts of an array by position. */
final class SliceRules {
    private static final long MOST_INDICES = 1L << 22;

    private SliceRules() {}

    static void register(Rules rules) {
        rules.add("Slice", 3, 1, SliceRules::slice);
        rules.add("AsStrided", 3, 1, SliceRules::asStrided);
    }

    private static void slice(MlxNode node, Emitter out) {
        List<Expression> start = node.sizes(0);
        List<Expression> end = node.sizes(1);
        List<Long> step = node.integers(2);
        List<Expression> from = new ArrayList<>();
        List<Expression> to = new ArrayList<>();
        List<Integer> axes = new ArrayList<>();
        List<Long> steps = new ArrayList<>();
        MlxValue x = node.input(0);
        for (int axis = 0; axis < x.rank(); axis++) {
            boolean whole = start.get(axis).equals(Expression.of(0))
                    && end.get(axis).equals(x.shape().get(axis))
                    && step.get(axis) == 1;
            if (!whole) {
                from.add(start.get(axis));
                to.add(end.get(axis));
                axes.add(axis);
                steps.add(step.get(axis));
            }
        }
        if (axes.isEmpty()) {
            out.result(node.output(), "Identity", out.of(x));
            return;
        }
        out.result(
                node.output(),
                "Slice",
                out.of(x),
                out.shape(from),
                out.shape(to),
                out.integers(axes),
                out.integers(steps));
    }

    /**
     * A view by strides over a row-major input, as pooling makes it for its windows. Rows that lie one after the other
     * (the batch) stay an axis, whose size may be symbolic; within a row the elements are gathered by a table.
     */
    private static void asStrided(MlxNode node, Emitter out) {
        List<Expression> shape = node.sizes(0);
        List<Long> strides = node.integers(1);
        long offset = node.integer(2);
        boolean rows = !shape.isEmpty()
                && node.input(0).rank() == 1
                && strides.getFirst() > 0
                && shape.getFirst()
                        .times(Expression.of(strides.getFirst()))
                        .equals(node.input(0).shape().getFirst());
        int first = rows ? 1 : 0;
        List<Long> inner = new ArrayList<>();
        for (Expression size : shape.subList(first, shape.size())) {
            inner.add(size.constant()
                    .orElseThrow(() -> new ModelException(
                            ErrorCode.UNSUPPORTED,
                            node.file(),
                            node.path() + ".arguments[0]",
                            "only the outermost size of a strided view may depend on an input's size")));
        }
        long[] table = table(inner, strides.subList(first, strides.size()), offset, node);
        long last = LongStream.of(table).max().orElse(0);
        long row = rows ? strides.getFirst() : Long.MAX_VALUE;
        if (last >= row || LongStream.of(table).anyMatch(at -> at < 0)) {
            throw new ModelException(
                    ErrorCode.UNSUPPORTED,
                    node.file(),
                    node.path() + ".arguments[1]",
                    "the strided view reaches over the outermost axis");
        }
        String indices = out.constant(Tensor.ofLongs(inner, table));
        List<Long> flat = rows ? List.of(-1L, row) : List.of(-1L);
        String source = out.inner("Reshape", out.of(node.input(0)), out.integers(flat));
        out.result(node.output(), "Gather", Attributes.of("axis", first), source, indices);
    }

    private static long[] table(List<Long> shape, List<Long> strides, long offset, MlxNode node) {
        long count = Tensor.elements(shape);
        if (count > MOST_INDICES) {
            throw new ModelException(
                    ErrorCode.UNSUPPORTED,
                    node.file(),
                    node.path() + ".arguments[0]",
                    "a strided view of " + count + " elements a row, more than " + MOST_INDICES);
        }
        long[] table = new long[Math.toIntExact(count)];
        for (int i = 0; i < table.length; i++) {
            long rest = i;
            long at = offset;
            for (int axis = shape.size() - 1; axis >= 0; axis--) {
                at += rest % shape.get(axis) * strides.get(axis);
                rest /= shape.get(axis);
            }
            table[i] = at;
        }
        return table;
    }
}
