package dev.fairlead.model.interpret;

import java.util.Arrays;
import java.util.List;

/** Elements looked up by index. */
final class GatherKernels {
    private GatherKernels() {}

    static void register(Kernels kernels) {
        kernels.add("Gather", call -> {
            Array array = call.array(0);
            int axis = Shapes.axis(call, call.integer("axis", 0), array.rank());
            Array.Integers indices = call.integers(1);
            int size = array.shape()[axis];
            int[] places = Arrays.stream(indices.values())
                    .mapToInt(index -> place(call, index, size))
                    .toArray();
            return Elementwise.one(gather(call, array, axis, indices.shape(), places));
        });
        kernels.add("GatherElements", GatherKernels::elements);
        kernels.add("GatherND", GatherKernels::slices);
    }

    /** An index counted from the end where it is negative. */
    static int place(Call call, long index, int size) {
        long place = index < 0 ? index + size : index;
        if (place < 0 || place >= size) {
            throw call.malformed("index " + index + " of an axis of size " + size);
        }
        return (int) place;
    }

    /** The axis is replaced by the axes of the places. */
    static Array gather(Call call, Array array, int axis, int[] placesShape, int[] places) {
        int[] before = Arrays.copyOfRange(array.shape(), 0, axis);
        int[] after = Arrays.copyOfRange(array.shape(), axis + 1, array.rank());
        int[] shape = Shapes.concat(Shapes.concat(before, placesShape), after);
        int size = array.shape()[axis];
        int block = Array.size(after);
        int[] indices = new int[Array.size(shape)];
        for (int i = 0; i < indices.length; i++) {
            int row = i / block;
            indices[i] = (row / places.length * size + places[row % places.length]) * block + i % block;
        }
        return Elements.pick(array, shape, indices);
    }

    private static List<Datum> elements(Call call) {
        Array array = call.array(0);
        int axis = Shapes.axis(call, call.integer("axis", 0), array.rank());
        Array.Integers indices = call.integers(1);
        return Elementwise.one(
                Elements.pick(array, indices.shape(), elementIndices(call, array.shape(), indices, axis)));
    }

    /** For each index the element of the array at the same coordinates, but for those along the axis. */
    static int[] elementIndices(Call call, int[] shape, Array.Integers indices, int axis) {
        if (indices.rank() != shape.length) {
            throw call.malformed("indices have rank " + indices.rank() + ", expected " + shape.length);
        }
        for (int other = 0; other < shape.length; other++) {
            if (other != axis && indices.shape()[other] > shape[other]) {
                throw call.malformed("indices are wider than the input");
            }
        }
        int[] strides = Shapes.strides(shape);
        int[] found = Shapes.indices(indices.shape(), strides(strides, axis), 0);
        for (int i = 0; i < found.length; i++) {
            found[i] += place(call, indices.values()[i], shape[axis]) * strides[axis];
        }
        return found;
    }

    private static int[] strides(int[] strides, int axis) {
        return Shapes.with(strides, axis, 0);
    }

    private static List<Datum> slices(Call call) {
        Array array = call.array(0);
        Array.Integers indices = call.integers(1);
        int batches = Math.toIntExact(call.integer("batch_dims", 0));
        int depth = depth(call, indices, array.rank() - batches);
        int[] lead = Arrays.copyOf(indices.shape(), indices.rank() - 1);
        if (batches < 0 || batches > lead.length) {
            throw call.malformed("batch_dims is " + batches);
        }
        int[] inner = Arrays.copyOfRange(array.shape(), batches + depth, array.rank());
        int block = Array.size(inner);
        int perBatch = Shapes.size(lead, batches, lead.length);
        int batchBlock = Shapes.size(array.shape(), batches, array.rank());
        int[] innerShape = Arrays.copyOfRange(array.shape(), batches, array.rank());
        int rows = Array.size(lead);
        int[] from = new int[rows * block];
        for (int row = 0; row < rows; row++) {
            int start = row / perBatch * batchBlock + start(call, innerShape, indices, row, depth);
            for (int j = 0; j < block; j++) {
                from[row * block + j] = start + j;
            }
        }
        return Elementwise.one(Elements.pick(array, Shapes.concat(lead, inner), from));
    }

    /** Length of the index tuples, which is the last axis' size. */
    static int depth(Call call, Array.Integers indices, int most) {
        if (indices.rank() == 0) {
            throw call.malformed("indices are a scalar");
        }
        int depth = indices.shape()[indices.rank() - 1];
        if (depth > most) {
            throw call.malformed("indices of " + depth + " axes for rank " + most);
        }
        return depth;
    }

    /** Where the slice begins that a tuple of indices points at. */
    static int start(Call call, int[] shape, Array.Integers indices, int row, int depth) {
        int[] strides = Shapes.strides(shape);
        int start = 0;
        for (int i = 0; i < depth; i++) {
            start += place(call, indices.values()[row * depth + i], shape[i]) * strides[i];
        }
        return start;
    }
}
