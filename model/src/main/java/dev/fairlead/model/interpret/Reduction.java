package dev.fairlead.model.interpret;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which axes an operator reduces, and what its output looks like.
 *
 * @param kept the output's shape with reduced axes as ones
 * @param shape the output's shape
 * @param outer for each element of the output, the input's element where its group begins
 * @param inner how far the group's elements lie from there, in row-major order
 */
@SuppressWarnings("ArrayRecordComponent") // made and used within one kernel
record Reduction(int[] axes, int[] kept, int[] shape, int[] outer, int[] inner) {
    /** Axes from the attribute or the second input, all where there are none. */
    static Optional<Reduction> of(Call call, int[] shape) {
        List<Long> axes = call.integers("axes")
                .orElseGet(
                        () -> call.has(1) ? Arrays.stream(call.longs(1)).boxed().toList() : List.of());
        if (axes.isEmpty() && call.integer("noop_with_empty_axes", 0) != 0) {
            return Optional.empty();
        }
        int[] found = axes.isEmpty() ? Shapes.all(shape.length) : Shapes.axes(call, axes, shape.length);
        return Optional.of(over(shape, found, call.integer("keepdims", 1) != 0));
    }

    static Reduction over(int[] shape, int[] axes, boolean keep) {
        int[] kept = shape.clone();
        int[] strides = Shapes.strides(shape);
        int[] innerShape = new int[axes.length];
        int[] innerStrides = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            kept[axes[i]] = 1;
            innerShape[i] = shape[axes[i]];
            innerStrides[i] = strides[axes[i]];
        }
        return new Reduction(
                axes,
                kept,
                keep ? kept : Shapes.without(shape, axes),
                Shapes.indices(kept, strides, 0),
                Shapes.indices(innerShape, innerStrides, 0));
    }
}
