package dev.fairlead.model.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Transposes tensors in memory. */
public final class Permutation {
    private Permutation() {}

    /**
     * A copy whose axis {@code i} is the source's axis {@code axes.get(i)}.
     *
     * @param arena owner of the copy
     */
    public static Tensor apply(Tensor source, List<Integer> axes, Arena arena) {
        int rank = source.shape().size();
        if (axes.size() != rank
                || axes.stream().distinct().filter(a -> a >= 0 && a < rank).count() != rank) {
            throw new IllegalArgumentException("axes: " + axes + " is no permutation of " + rank + " axes");
        }
        long[] strides = new long[rank];
        long stride = 1;
        for (int axis = rank - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= source.shape().get(axis);
        }
        List<Long> shape = axes.stream().map(source.shape()::get).toList();
        Tensor target = Tensor.allocate(source.dtype(), shape, arena);
        int width = source.dtype().bytes();
        long[] index = new long[rank];
        long from = 0;
        for (long to = 0; to < target.elements(); to++) {
            copy(source.data(), from * width, target.data(), to * width, width);
            for (int axis = rank - 1; axis >= 0; axis--) {
                from += strides[axes.get(axis)];
                if (++index[axis] < shape.get(axis)) {
                    break;
                }
                from -= strides[axes.get(axis)] * shape.get(axis);
                index[axis] = 0;
            }
        }
        return target;
    }

    private static void copy(MemorySegment from, long at, MemorySegment to, long target, int width) {
        switch (width) {
            case 1 -> to.set(ValueLayout.JAVA_BYTE, target, from.get(ValueLayout.JAVA_BYTE, at));
            case 2 -> to.set(Tensor.SHORT, target, from.get(Tensor.SHORT, at));
            case 4 -> to.set(Tensor.INT, target, from.get(Tensor.INT, at));
            default -> to.set(Tensor.LONG, target, from.get(Tensor.LONG, at));
        }
    }
}
