package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.mlx.Argument;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;

/** What the families of primitives build on. */
interface Emitting {
    /** Adds a node with several results. */
    List<Operand> emit(
            String op, List<Operand> operands, List<DType> dtypes, List<List<Expression>> shapes, Argument... state);

    Operand constant(Tensor tensor);

    default Operand emit(String op, List<Operand> operands, DType dtype, List<Expression> shape, Argument... state) {
        return emit(op, operands, List.of(dtype), List.of(shape), state).getFirst();
    }

    default Operand scalar(DType dtype, double value) {
        return constant(Tensor.scalar(dtype, value));
    }

    /** An exact integer, where a double would round. */
    default Operand scalar(DType dtype, long value) {
        Tensor tensor = Tensor.allocate(dtype, List.of());
        if (dtype.isFloating()) {
            tensor.set(0, (double) value);
        } else {
            tensor.set(0, value);
        }
        return constant(tensor);
    }

    /** A scalar of the operand's own type. */
    default Operand like(Operand operand, double value) {
        return operand.isFloating() ? scalar(operand.dtype(), value) : scalar(operand.dtype(), (long) value);
    }

    default Operand like(Operand operand, long value) {
        return scalar(operand.dtype(), value);
    }

    default Operand integers(List<? extends Number> values) {
        return constant(Tensor.ofLongs(
                List.of((long) values.size()),
                values.stream().mapToLong(Number::longValue).toArray()));
    }
}
