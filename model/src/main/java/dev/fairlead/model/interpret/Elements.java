package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.List;

/** Arrays made of other arrays' elements, whatever their kind. */
final class Elements {
    private Elements() {}

    /** A new array of the kind and dtype of another one; zeros, or empty strings. */
    static Array blank(Array like, int[] shape) {
        int size = Array.size(shape);
        return switch (like) {
            case Array.Reals reals -> new Array.Reals(reals.dtype(), shape, new double[size]);
            case Array.Integers integers -> new Array.Integers(integers.dtype(), shape, new long[size]);
            case Array.Complexes complexes -> new Array.Complexes(complexes.dtype(), shape, new double[2 * size]);
            case Array.Texts _ -> {
                String[] texts = new String[size];
                Arrays.fill(texts, "");
                yield new Array.Texts(shape, texts);
            }
        };
    }

    /** A new array of a dtype; zeros. */
    static Array blank(DType dtype, int[] shape) {
        int size = Array.size(shape);
        return switch (dtype.kind()) {
            case FLOATING -> new Array.Reals(dtype, shape, new double[size]);
            case BOOLEAN, SIGNED, UNSIGNED -> new Array.Integers(dtype, shape, new long[size]);
            case COMPLEX -> new Array.Complexes(dtype, shape, new double[2 * size]);
        };
    }

    /** Copies one element into an array that is being made. */
    static void copy(Array from, int source, Array to, int target) {
        switch (from) {
            case Array.Reals a when to instanceof Array.Reals b -> b.values()[target] = a.values()[source];
            case Array.Integers a when to instanceof Array.Integers b -> b.values()[target] = a.values()[source];
            case Array.Texts a when to instanceof Array.Texts b -> b.values()[target] = a.values()[source];
            case Array.Complexes a
            when to instanceof Array.Complexes b -> System.arraycopy(a.values(), 2 * source, b.values(), 2 * target, 2);
            case Array.Reals _, Array.Integers _, Array.Texts _, Array.Complexes _ ->
                throw new IllegalArgumentException("from: " + from + " is of another kind than " + to);
        }
    }

    /** An array of an array's elements; where an index is negative, zero or empty text. */
    static Array pick(Array from, int[] shape, int[] indices) {
        Array to = blank(from, shape);
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] >= 0) {
                copy(from, indices[i], to, i);
            }
        }
        return to;
    }

    /** The same elements under another shape of as many. */
    static Array reshaped(Array array, int[] shape) {
        return switch (array) {
            case Array.Reals reals -> new Array.Reals(reals.dtype(), shape, reals.values());
            case Array.Integers integers -> new Array.Integers(integers.dtype(), shape, integers.values());
            case Array.Complexes complexes -> new Array.Complexes(complexes.dtype(), shape, complexes.values());
            case Array.Texts texts -> new Array.Texts(shape, texts.values());
        };
    }

    static Array broadcast(Array array, int[] shape) {
        return Arrays.equals(array.shape(), shape)
                ? array
                : pick(array, shape, Shapes.broadcastIndices(array.shape(), shape));
    }

    /** A copy that may be changed. */
    static Array copied(Array array) {
        return pick(array, array.shape(), Shapes.all(array.size()));
    }

    /** Whether arrays have one kind and dtype. */
    static boolean alike(Array first, Array second) {
        return switch (first) {
            case Array.Reals a -> second instanceof Array.Reals b && a.dtype() == b.dtype();
            case Array.Integers a -> second instanceof Array.Integers b && a.dtype() == b.dtype();
            case Array.Complexes a -> second instanceof Array.Complexes b && a.dtype() == b.dtype();
            case Array.Texts _ -> second instanceof Array.Texts;
        };
    }

    /** Elements {@code [from, to)} of one axis. */
    static Array slice(Array array, int axis, int from, int to) {
        int[] shape = Shapes.with(array.shape(), axis, to - from);
        int[] strides = Shapes.strides(array.shape());
        return pick(array, shape, Shapes.indices(shape, strides, from * strides[axis]));
    }

    /** Joins arrays along an axis that they have. */
    static Array concat(Call call, List<Array> arrays, int axis) {
        int[] shape = arrays.getFirst().shape().clone();
        shape[axis] = 0;
        for (Array array : arrays) {
            if (array.rank() != shape.length
                    || !Arrays.equals(Shapes.with(array.shape(), axis, 0), Shapes.with(shape, axis, 0))
                    || !alike(array, arrays.getFirst())) {
                throw call.malformed("inputs do not fit together along axis " + axis);
            }
            shape[axis] += array.shape()[axis];
        }
        Array joined = blank(arrays.getFirst(), shape);
        int[] strides = Shapes.strides(shape);
        int offset = 0;
        for (Array array : arrays) {
            int[] targets = Shapes.indices(array.shape(), strides, offset);
            for (int i = 0; i < targets.length; i++) {
                copy(array, i, joined, targets[i]);
            }
            offset += array.shape()[axis] * strides[axis];
        }
        return joined;
    }

    /** Puts arrays of one shape beside each other along a new axis. */
    static Array stack(Call call, List<Array> arrays, int axis) {
        int[] shape = arrays.getFirst().shape();
        int[] raised = new int[shape.length + 1];
        System.arraycopy(shape, 0, raised, 0, axis);
        raised[axis] = 1;
        System.arraycopy(shape, axis, raised, axis + 1, shape.length - axis);
        return concat(
                call,
                arrays.stream()
                        .map(array -> {
                            if (!Arrays.equals(array.shape(), shape)) {
                                throw call.malformed("arrays to be stacked have different shapes");
                            }
                            return reshaped(array, raised);
                        })
                        .toList(),
                axis);
    }
}
