package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;

/** A slice of an axis as MLX takes it: from within, to an end that counts from the front or, one before the first, is −size−1. */
record Bounds(Expression start, Expression end, long step, Expression count) {
    /** ONNX' bounds: they may count from the end, and lie outside. */
    static Bounds of(Expression size, Expression start, Expression end, long step) {
        if (step == 0) {
            throw Refusal.of("a slice by steps of 0");
        }
        boolean fixed = size.constant().isPresent()
                && start.constant().isPresent()
                && end.constant().isPresent();
        return fixed
                ? fixed(Shapes.fixed(size), Shapes.fixed(start), Shapes.fixed(end), step)
                : symbolic(size, start, end, step);
    }

    private static Bounds fixed(long size, long start, long end, long step) {
        long low = step > 0 ? 0 : -1;
        long high = step > 0 ? size : size - 1;
        long from = held(start, size, low, high);
        long to = held(end, size, low, high);
        long count = Math.max(0, step > 0 ? Math.ceilDiv(to - from, step) : Math.ceilDiv(from - to, -step));
        return count == 0
                ? new Bounds(Expression.of(0), Expression.of(0), 1, Expression.of(0))
                : new Bounds(Expression.of(from), Expression.of(to < 0 ? -size - 1 : to), step, Expression.of(count));
    }

    private static long held(long bound, long size, long low, long high) {
        long counted = bound < 0 ? Math.max(bound, -size - 1) + size : bound;
        return Math.min(Math.max(counted, low), high);
    }

    /**
     * Where a size depends on symbols, bounds are taken to lie within the axis, but for those far outside, which mean its ends. At
     * sizes for which that doesn't hold the declared shape is not what MLX gives, which is an error when the graph runs.
     */
    private static Bounds symbolic(Expression size, Expression start, Expression end, long step) {
        if (step < 0) {
            Expression last = Shapes.plus(size, Expression.of(-1));
            Expression from = isFar(start) && !isNegative(start) ? last : counted(start, size);
            boolean whole = isNegative(end)
                    && (isFar(end) || counted(end, size).constant().orElse(0) < 0);
            Expression to = whole ? Expression.of(-1) : counted(end, size);
            Expression room = Shapes.plus(Shapes.minus(from, to), Expression.of(-step - 1));
            Expression stop = whole ? Shapes.minus(Expression.of(-1), size) : to;
            return new Bounds(from, stop, step, Shapes.dividedBy(room, -step));
        }
        Expression from = isFar(start) && isNegative(start) ? Expression.of(0) : counted(start, size);
        Expression to = isFar(end) && !isNegative(end) ? size : counted(end, size);
        Expression room = Shapes.plus(Shapes.minus(to, from), Expression.of(step - 1));
        return new Bounds(from, to, step, Shapes.dividedBy(room, step));
    }

    private static Expression counted(Expression bound, Expression size) {
        return isNegative(bound) ? Shapes.plus(bound, size) : bound;
    }

    /** By the term that grows fastest: sizes are large against what is added to them. */
    private static boolean isNegative(Expression bound) {
        return bound.terms().values().stream().findFirst().orElse(0L) < 0;
    }

    private static boolean isFar(Expression bound) {
        return bound.constant().isPresent()
                && (bound.constant().getAsLong() >= Integer.MAX_VALUE
                        || bound.constant().getAsLong() <= -Integer.MAX_VALUE);
    }
}
