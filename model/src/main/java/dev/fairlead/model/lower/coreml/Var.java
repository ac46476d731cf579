package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.graph.Dim;
import java.util.List;

/**
 * A value of the program.
 *
 * @param shape outermost first; empty for a scalar
 */
record Var(String name, MilDataType element, List<Dim> shape) {
    Var {
        shape = List.copyOf(shape);
    }

    int rank() {
        return shape.size();
    }

    boolean isFixed() {
        return shape.stream().allMatch(dim -> dim instanceof Dim.Fixed);
    }

    boolean isFixed(int axis) {
        return shape.get(axis(axis)) instanceof Dim.Fixed;
    }

    /** One size; the axis may count from the end. Refuses a size that is not known. */
    long size(int axis) {
        if (shape.get(axis(axis)) instanceof Dim.Fixed(long size)) {
            return size;
        }
        throw Refusals.unsupported("the size of axis " + axis + " of an operand with shape " + shape + " is not fixed");
    }

    /** All sizes. Refuses a shape that is not known. */
    long[] sizes() {
        long[] sizes = new long[rank()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = size(i);
        }
        return sizes;
    }

    long elements() {
        long product = 1;
        for (long size : sizes()) {
            product = Math.multiplyExact(product, size);
        }
        return product;
    }

    boolean isReal() {
        return element == MilDataType.FLOAT32 || element == MilDataType.FLOAT16;
    }

    boolean isInteger() {
        return element == MilDataType.INT32;
    }

    boolean isFlag() {
        return element == MilDataType.BOOL;
    }

    /** The axis counted from the front. */
    int axis(long axis) {
        long found = axis < 0 ? axis + rank() : axis;
        if (found < 0 || found >= rank()) {
            throw Refusals.malformed("axis " + axis + " of an operand of rank " + rank());
        }
        return (int) found;
    }
}
