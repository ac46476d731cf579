package dev.fairlead.parity.metrics;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;

/**
 * Which positions are compared: true where both sides' numbers mean something, false where they are padding. A mask of [batch, length]
 * is good for outputs of [batch, length, hidden] and of any other shape that begins so; a size of 1 stands for any.
 *
 * @param keep booleans
 */
public record Mask(Tensor keep) {
    public Mask {
        if (keep.dtype() != DType.BOOL) {
            throw new IllegalArgumentException("mask: is " + keep.dtype().text() + ", not bool");
        }
    }

    /** Whether tensors of this shape can be masked. */
    public boolean fits(List<Long> shape) {
        List<Long> sizes = keep.shape();
        if (sizes.size() > shape.size()) {
            return false;
        }
        for (int axis = 0; axis < sizes.size(); axis++) {
            if (sizes.get(axis) != 1 && !sizes.get(axis).equals(shape.get(axis))) {
                return false;
            }
        }
        return true;
    }

    /**
     * The mask over tensors of one shape.
     *
     * @throws IllegalArgumentException where it does not {@link #fits fit}
     */
    Positions over(List<Long> shape) {
        if (!fits(shape)) {
            throw new IllegalArgumentException("mask: " + keep.shape() + " is not how " + shape + " begins");
        }
        int axes = keep.shape().size();
        return new Positions(keep, shape.subList(0, axes), Tensor.elements(shape.subList(axes, shape.size())));
    }

    /**
     * Elements that are kept or left out together.
     *
     * @param leading sizes of the tensors' axes that the mask has too
     * @param run consecutive elements that share one entry of the mask
     */
    record Positions(Tensor keep, List<Long> leading, long run) {
        long runs() {
            return Tensor.elements(leading);
        }

        /** Whether the elements from {@code index · run} are kept. */
        boolean keepsRun(long index) {
            long rest = index;
            long place = 0;
            long stride = 1;
            for (int axis = leading.size() - 1; axis >= 0; axis--) {
                long size = keep.shape().get(axis);
                place += size == 1 ? 0 : rest % leading.get(axis) * stride;
                rest /= leading.get(axis);
                stride *= size;
            }
            return keep.longAt(place) != 0;
        }

        /** Whether all of these elements are kept. */
        boolean keeps(long from, long to) {
            for (long index = from / run; index * run < to; index++) {
                if (!keepsRun(index)) {
                    return false;
                }
            }
            return true;
        }
    }
}
