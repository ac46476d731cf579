package dev.fairlead.model.interpret;

import java.util.Arrays;
import java.util.List;

/** Elements stored by index into a copy. Updates of one place are applied in their order. */
final class ScatterKernels {
    private ScatterKernels() {}

    static void register(Kernels kernels) {
        kernels.add("Scatter", ScatterKernels::elements);
        kernels.add("ScatterElements", ScatterKernels::elements);
        kernels.add("ScatterND", ScatterKernels::slices);
        kernels.add("TensorScatter", ScatterKernels::cache);
    }

    private static List<Datum> elements(Call call) {
        Array array = call.array(0);
        int axis = Shapes.axis(call, call.integer("axis", 0), array.rank());
        Array.Integers indices = call.integers(1);
        Array updates = call.array(2);
        if (!Arrays.equals(indices.shape(), updates.shape())) {
            throw call.malformed("indices and updates differ in shape");
        }
        Array result = Elements.copied(array);
        int[] targets = GatherKernels.elementIndices(call, array.shape(), indices, axis);
        String reduction = call.text("reduction", "none");
        for (int i = 0; i < targets.length; i++) {
            store(call, updates, i, result, targets[i], reduction);
        }
        return Elementwise.one(result);
    }

    private static List<Datum> slices(Call call) {
        Array array = call.array(0);
        Array.Integers indices = call.integers(1);
        Array updates = call.array(2);
        int depth = GatherKernels.depth(call, indices, array.rank());
        int block = Shapes.size(array.shape(), depth, array.rank());
        int rows = Shapes.size(indices.shape(), 0, indices.rank() - 1);
        if (updates.size() != rows * block) {
            throw call.malformed("updates have " + updates.size() + " elements, expected " + rows * block);
        }
        Array result = Elements.copied(array);
        String reduction = call.text("reduction", "none");
        for (int row = 0; row < rows; row++) {
            int start = GatherKernels.start(call, array.shape(), indices, row, depth);
            for (int j = 0; j < block; j++) {
                store(call, updates, row * block + j, result, start + j, reduction);
            }
        }
        return Elementwise.one(result);
    }

    private static void store(Call call, Array updates, int source, Array result, int target, String reduction) {
        if (!Elements.alike(updates, result)) {
            throw call.malformed("updates are of another type than the input");
        }
        if (reduction.equals("none")) {
            Elements.copy(updates, source, result, target);
        } else if (updates instanceof Array.Reals from && result instanceof Array.Reals to) {
            double a = to.values()[target];
            double b = from.values()[source];
            to.values()[target] = switch (reduction) {
                case "add" -> a + b;
                case "mul" -> a * b;
                case "max" -> Math.max(a, b);
                case "min" -> Math.min(a, b);
                default -> throw call.malformed("attribute reduction is " + reduction);
            };
        } else if (updates instanceof Array.Integers from && result instanceof Array.Integers to) {
            long a = to.values()[target];
            long b = from.values()[source];
            long value = switch (reduction) {
                case "add" -> a + b;
                case "mul" -> a * b;
                case "max" -> Widths.compare(to.dtype(), a, b) >= 0 ? a : b;
                case "min" -> Widths.compare(to.dtype(), a, b) <= 0 ? a : b;
                default -> throw call.malformed("attribute reduction is " + reduction);
            };
            to.values()[target] = Widths.wrap(to.dtype(), value);
        } else {
            throw call.malformed("a reduction needs real numbers");
        }
    }

    /** A cache of keys or values with new entries written at each batch' own position. */
    private static List<Datum> cache(Call call) {
        Array past = call.array(0);
        Array update = call.array(1);
        int axis = Shapes.axis(call, call.integer("axis", -2), past.rank());
        boolean circular = call.text("mode", "linear").equals("circular");
        int batches = past.shape()[0];
        long[] positions = call.has(2) ? call.longs(2) : new long[batches];
        if (axis == 0 || positions.length != batches || update.rank() != past.rank() || !Elements.alike(past, update)) {
            throw call.malformed("inputs do not fit together");
        }
        Array result = Elements.copied(past);
        int[] strides = Shapes.strides(past.shape());
        int[] targets = Shapes.indices(update.shape(), Shapes.with(strides, axis, 0), 0);
        int[] own = Shapes.strides(update.shape());
        int size = past.shape()[axis];
        for (int i = 0; i < targets.length; i++) {
            long at = positions[i / own[0]] + i / own[axis] % update.shape()[axis];
            if (at < 0 || (at >= size && !circular)) {
                throw call.malformed("position " + at + " of a cache of size " + size);
            }
            Elements.copy(update, i, result, targets[i] + (int) (at % size) * strides[axis]);
        }
        return Elementwise.one(result);
    }
}
