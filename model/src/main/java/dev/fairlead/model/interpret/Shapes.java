package dev.fairlead.model.interpret;

import java.util.Arrays;
import java.util.Collection;

/** Arithmetic of shapes. */
final class Shapes {
    private Shapes() {}

    /** Row-major strides, in elements. */
    static int[] strides(int[] shape) {
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }

    /** Number of elements of the axes {@code [from, to)}. */
    static int size(int[] shape, int from, int to) {
        return Array.size(Arrays.copyOfRange(shape, from, to));
    }

    /** An axis counted from the end where it is negative. */
    static int axis(Call call, long axis, int rank) {
        long found = axis < 0 ? axis + rank : axis;
        if (found < 0 || found >= rank) {
            throw call.malformed("axis " + axis + " of rank " + rank);
        }
        return (int) found;
    }

    /** Axes in rising order, each once. */
    static int[] axes(Call call, Collection<Long> axes, int rank) {
        int[] found = axes.stream()
                .mapToInt(axis -> axis(call, axis, rank))
                .sorted()
                .distinct()
                .toArray();
        if (found.length != axes.size()) {
            throw call.malformed("axes " + axes + " name one twice");
        }
        return found;
    }

    static int[] all(int rank) {
        int[] axes = new int[rank];
        Arrays.setAll(axes, i -> i);
        return axes;
    }

    /** The shape that shapes broadcast to, in the manner of NumPy. */
    static int[] broadcast(Call call, int[]... shapes) {
        int rank = Arrays.stream(shapes).mapToInt(shape -> shape.length).max().orElse(0);
        int[] result = new int[rank];
        Arrays.fill(result, 1);
        for (int[] shape : shapes) {
            int lead = rank - shape.length;
            for (int axis = 0; axis < shape.length; axis++) {
                int size = shape[axis];
                if (size != 1 && result[lead + axis] != 1 && result[lead + axis] != size) {
                    throw call.malformed("shapes " + Arrays.deepToString(shapes) + " do not broadcast");
                }
                result[lead + axis] = size == 1 ? result[lead + axis] : size;
            }
        }
        return result;
    }

    /** For each element of a shape, which element of the narrower shape is broadcast to it. */
    static int[] broadcastIndices(int[] narrow, int[] wide) {
        int[] own = strides(narrow);
        int[] strides = new int[wide.length];
        for (int axis = 0; axis < narrow.length; axis++) {
            strides[wide.length - narrow.length + axis] = narrow[axis] == 1 ? 0 : own[axis];
        }
        return indices(wide, strides, 0);
    }

    /** For each element of a shape in row-major order, {@code offset} plus its coordinates times the strides. */
    static int[] indices(int[] shape, int[] strides, int offset) {
        int[] indices = new int[Array.size(shape)];
        int[] at = new int[shape.length];
        int index = offset;
        for (int i = 0; i < indices.length; i++) {
            indices[i] = index;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                index += strides[axis];
                if (++at[axis] < shape[axis]) {
                    break;
                }
                index -= at[axis] * strides[axis];
                at[axis] = 0;
            }
        }
        return indices;
    }

    /** A shape with one axis of another size. */
    static int[] with(int[] shape, int axis, int size) {
        int[] other = shape.clone();
        other[axis] = size;
        return other;
    }

    /** A shape without some axes, given in rising order. */
    static int[] without(int[] shape, int... axes) {
        return Arrays.stream(all(shape.length))
                .filter(axis -> Arrays.binarySearch(axes, axis) < 0)
                .map(axis -> shape[axis])
                .toArray();
    }

    static int[] concat(int[] first, int... second) {
        int[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    static int[] permuted(int[] values, int[] order) {
        return Arrays.stream(order).map(axis -> values[axis]).toArray();
    }

    /** Sizes read from a file or made by a graph. */
    static int[] of(Call call, long... sizes) {
        int[] shape = new int[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] < 0 || sizes[i] > Integer.MAX_VALUE) {
                throw call.malformed("shape " + Arrays.toString(sizes) + " has no usable size at " + i);
            }
            shape[i] = (int) sizes[i];
        }
        try {
            Array.size(shape);
            return shape;
        } catch (ArithmeticException e) {
            throw call.unsupported("shape " + Arrays.toString(sizes) + " has more elements than an array can hold");
        }
    }
}
