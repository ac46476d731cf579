package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Primitives that pick elements by index arrays. Indices of signed types may count from the end. */
interface IndexPrimitives extends ShapePrimitives {
    /** Whole slices across one axis: the axis is replaced by the index array's axes. */
    default Operand take(Operand x, Operand indices, int axis) {
        List<Expression> sizes = Shapes.with(x.shape(), axis, Shapes.ONE);
        List<Expression> made = new ArrayList<>(indices.shape());
        made.addAll(sizes);
        Operand picked = emit(
                "Gather",
                List.of(x, indices),
                x.dtype(),
                made,
                Arguments.integers(List.of(axis)),
                Arguments.sizes(sizes));
        int count = indices.rank();
        Operand squeezed = squeeze(picked, count + axis);
        List<Integer> order = new ArrayList<>(Shapes.range(count, count + axis));
        order.addAll(Shapes.range(0, count));
        order.addAll(Shapes.range(count + axis, squeezed.rank()));
        return transpose(squeezed, order);
    }

    /** The leading axes are replaced by the index arrays' common shape. */
    default Operand gather(Operand x, List<Operand> indices) {
        int count = indices.size();
        List<Expression> sizes = new ArrayList<>(Collections.nCopies(count, Shapes.ONE));
        sizes.addAll(x.shape().subList(count, x.rank()));
        List<Expression> common = indices.getFirst().shape();
        List<Expression> made = new ArrayList<>(common);
        made.addAll(sizes);
        List<Operand> operands = new ArrayList<>(List.of(x));
        operands.addAll(indices);
        Operand picked = emit(
                "Gather",
                operands,
                x.dtype(),
                made,
                Arguments.integers(Shapes.range(0, count)),
                Arguments.sizes(sizes));
        return squeeze(picked, Shapes.range(common.size(), common.size() + count));
    }

    /** {@code indices} has {@code x}'s shape but along the axis. */
    default Operand takeAlong(Operand x, Operand indices, int axis) {
        return emit("GatherAxis", List.of(x, indices), x.dtype(), indices.shape(), Arguments.of(axis));
    }

    /** What becomes of an element that is written to, with MLX' number. */
    enum Write {
        MAXIMUM(0),
        MINIMUM(1),
        ADD(2),
        MULTIPLY(3),
        REPLACE(4);

        private final int code;

        Write(int code) {
            this.code = code;
        }
    }

    /**
     * A copy with updates written at indices of the leading axes.
     *
     * @param updates the index arrays' common shape, then the remaining axes of {@code x}
     */
    default Operand scatter(Write write, Operand x, List<Operand> indices, Operand updates) {
        int count = indices.size();
        List<Expression> shape = new ArrayList<>(indices.getFirst().shape());
        shape.addAll(Collections.nCopies(count, Shapes.ONE));
        shape.addAll(x.shape().subList(count, x.rank()));
        List<Operand> operands = new ArrayList<>(List.of(x));
        operands.addAll(indices);
        operands.add(reshape(updates, shape));
        return emit(
                "Scatter",
                operands,
                x.dtype(),
                x.shape(),
                Arguments.of(write.code),
                Arguments.integers(Shapes.range(0, count)));
    }
}
