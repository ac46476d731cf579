package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decodes compressed weights as coremltools' own {@code decompress} functions do, rounding where they round. */
final class Decompression {
    private Decompression() {}

    /**
     * {@code scale · (data − offset)} in the scale's type: float16 is rounded after the subtraction and after the product.
     *
     * @param data any integer type, or the scale's
     * @param scale of data's rank; each size divides data's
     */
    static Tensor scaled(Tensor data, Tensor scale, Optional<Tensor> offset) {
        Tensor out = Tensor.spilled(scale.dtype(), data.shape());
        Blocks blocks = new Blocks(data.shape(), scale.shape());
        for (long i = 0; i < data.elements(); i++) {
            long block = blocks.next();
            double value = data.doubleAt(i);
            if (offset.isPresent()) {
                value = rounded(scale.dtype(), value - offset.get().doubleAt(block));
            }
            out.set(i, value * scale.doubleAt(block));
        }
        return out;
    }

    private static double rounded(DType dtype, double value) {
        return switch (dtype) {
            case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
            default -> (float) value;
        };
    }

    /**
     * Values from look-up tables.
     *
     * @param tables sizes that divide the indices' sizes, then the number of entries, then the length of an entry
     * @param vectorAxis along which an entry's values are laid out
     */
    static Tensor lookedUp(Tensor indices, Tensor tables, int vectorAxis) {
        int rank = indices.shape().size();
        long entries = tables.shape().get(rank);
        long length = tables.shape().get(rank + 1);
        List<Long> shape = new ArrayList<>(indices.shape());
        shape.set(vectorAxis, shape.get(vectorAxis) * length);
        Tensor out = Tensor.spilled(tables.dtype(), shape);
        Blocks blocks = new Blocks(indices.shape(), tables.shape().subList(0, rank));
        long inner = 1;
        for (int axis = vectorAxis + 1; axis < rank; axis++) {
            inner *= shape.get(axis);
        }
        for (long i = 0; i < indices.elements(); i++) {
            long from = (blocks.next() * entries + indices.longAt(i)) * length;
            long to = i / inner * inner * length + i % inner;
            for (long k = 0; k < length; k++) {
                copy(tables, from + k, out, to + k * inner);
            }
        }
        return out;
    }

    /** Values where the mask is one, zero elsewhere. */
    static Tensor spread(Tensor values, Tensor mask) {
        Tensor out = Tensor.spilled(values.dtype(), mask.shape());
        long next = 0;
        for (long i = 0; i < mask.elements(); i++) {
            if (mask.longAt(i) != 0) {
                copy(values, next++, out, i);
            }
        }
        return out;
    }

    /** The values where the mask is one, in a row. */
    static Tensor gathered(Tensor dense, Tensor mask) {
        long count = 0;
        for (long i = 0; i < mask.elements(); i++) {
            count += mask.longAt(i);
        }
        Tensor out = Tensor.spilled(dense.dtype(), List.of(count));
        long next = 0;
        for (long i = 0; i < mask.elements(); i++) {
            if (mask.longAt(i) != 0) {
                copy(dense, i, out, next++);
            }
        }
        return out;
    }

    /** Each element as often as told along an axis. */
    static Tensor repeated(Tensor tensor, int axis, long times) {
        List<Long> shape = new ArrayList<>(tensor.shape());
        shape.set(axis, shape.get(axis) * times);
        Tensor out = Tensor.spilled(tensor.dtype(), shape);
        long inner = 1;
        for (int i = axis + 1; i < shape.size(); i++) {
            inner *= shape.get(i);
        }
        for (long i = 0; i < out.elements(); i++) {
            copy(tensor, i / inner / times * inner + i % inner, out, i);
        }
        return out;
    }

    private static void copy(Tensor from, long i, Tensor to, long j) {
        if (from.dtype().isFloating()) {
            to.set(j, from.doubleAt(i));
        } else {
            to.set(j, from.longAt(i));
        }
    }

    /** The block of each element of a tensor, elements in row-major order. */
    private static final class Blocks {
        private final long[] sizes;
        private final long[] blocks;
        private final long[] strides;
        private final long[] index;

        Blocks(List<Long> shape, List<Long> counts) {
            int rank = shape.size();
            sizes = new long[rank];
            blocks = new long[rank];
            strides = new long[rank];
            index = new long[rank];
            long stride = 1;
            for (int axis = rank - 1; axis >= 0; axis--) {
                sizes[axis] = shape.get(axis);
                blocks[axis] = Math.max(1, shape.get(axis) / Math.max(1, counts.get(axis)));
                strides[axis] = stride;
                stride *= counts.get(axis);
            }
        }

        long next() {
            long block = 0;
            for (int axis = 0; axis < sizes.length; axis++) {
                block += index[axis] / blocks[axis] * strides[axis];
            }
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                if (++index[axis] < sizes[axis]) {
                    break;
                }
                index[axis] = 0;
            }
            return block;
        }
    }
}
