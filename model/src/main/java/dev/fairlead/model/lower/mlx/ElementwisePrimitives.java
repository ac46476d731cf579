package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.tensor.DType;
import java.util.List;

/** Primitives that compute each element by itself. */
interface ElementwisePrimitives extends Emitting {
    /** A node of one operand that keeps its type and shape. */
    default Operand unary(String op, Operand x) {
        return emit(op, List.of(x), x.dtype(), x.shape());
    }

    /** A node of two operands of one type, which are broadcast first. */
    default Operand binary(String op, Operand a, Operand b) {
        return pair(op, a, b, a.dtype());
    }

    default Operand compare(String op, Operand a, Operand b) {
        return pair(op, a, b, DType.BOOL);
    }

    private Operand pair(String op, Operand a, Operand b, DType dtype) {
        if (a.dtype() != b.dtype()) {
            throw Primitives.mixed(op, a.dtype(), b.dtype());
        }
        List<Expression> shape = Shapes.broadcast(a.shape(), b.shape());
        List<Operand> both = List.of(broadcast(a, shape), broadcast(b, shape));
        return op.equals("Equal") ? emit(op, both, dtype, shape, Arguments.of(false)) : emit(op, both, dtype, shape);
    }

    default Operand broadcast(Operand x, List<Expression> shape) {
        if (x.shape().equals(shape)) {
            return x;
        }
        return emit("Broadcast", List.of(x), x.dtype(), shape, Arguments.sizes(shape));
    }

    default Operand cast(Operand x, DType dtype) {
        return x.dtype() == dtype
                ? x
                : emit("AsType", List.of(x), Types.require(dtype), x.shape(), Arguments.of(dtype));
    }

    default Operand add(Operand a, Operand b) {
        return binary("Add", a, b);
    }

    default Operand add(Operand a, double b) {
        return binary("Add", a, like(a, b));
    }

    default Operand add(Operand a, long b) {
        return binary("Add", a, like(a, b));
    }

    default Operand subtract(Operand a, Operand b) {
        return binary("Subtract", a, b);
    }

    default Operand subtract(double a, Operand b) {
        return binary("Subtract", like(b, a), b);
    }

    default Operand subtract(long a, Operand b) {
        return binary("Subtract", like(b, a), b);
    }

    default Operand multiply(Operand a, Operand b) {
        return binary("Multiply", a, b);
    }

    default Operand multiply(Operand a, double b) {
        return binary("Multiply", a, like(a, b));
    }

    default Operand multiply(Operand a, long b) {
        return binary("Multiply", a, like(a, b));
    }

    /** Of floating numbers; MLX makes floating numbers out of integers here. */
    default Operand divide(Operand a, Operand b) {
        return binary("Divide", a, b);
    }

    default Operand divide(Operand a, double b) {
        return binary("Divide", a, like(a, b));
    }

    default Operand divide(Operand a, long b) {
        return binary("Divide", a, like(a, b));
    }

    default Operand maximum(Operand a, Operand b) {
        return binary("Maximum", a, b);
    }

    default Operand maximum(Operand a, double b) {
        return binary("Maximum", a, like(a, b));
    }

    default Operand maximum(Operand a, long b) {
        return binary("Maximum", a, like(a, b));
    }

    default Operand minimum(Operand a, Operand b) {
        return binary("Minimum", a, b);
    }

    default Operand minimum(Operand a, double b) {
        return binary("Minimum", a, like(a, b));
    }

    default Operand minimum(Operand a, long b) {
        return binary("Minimum", a, like(a, b));
    }

    default Operand equal(Operand a, Operand b) {
        return compare("Equal", a, b);
    }

    default Operand equal(Operand a, double b) {
        return compare("Equal", a, like(a, b));
    }

    default Operand equal(Operand a, long b) {
        return compare("Equal", a, like(a, b));
    }

    default Operand less(Operand a, Operand b) {
        return compare("Less", a, b);
    }

    default Operand less(Operand a, double b) {
        return compare("Less", a, like(a, b));
    }

    default Operand less(Operand a, long b) {
        return compare("Less", a, like(a, b));
    }

    default Operand greater(Operand a, long b) {
        return compare("Greater", a, like(a, b));
    }

    default Operand greater(Operand a, double b) {
        return compare("Greater", a, like(a, b));
    }

    default Operand and(Operand a, Operand b) {
        return compare("LogicalAnd", a, b);
    }

    default Operand or(Operand a, Operand b) {
        return compare("LogicalOr", a, b);
    }

    default Operand not(Operand x) {
        return unary("LogicalNot", x);
    }

    default Operand select(Operand condition, Operand yes, Operand no) {
        if (yes.dtype() != no.dtype()) {
            throw Primitives.mixed("Select", yes.dtype(), no.dtype());
        }
        List<Expression> shape = Shapes.broadcast(condition.shape(), Shapes.broadcast(yes.shape(), no.shape()));
        List<Operand> operands = List.of(broadcast(condition, shape), broadcast(yes, shape), broadcast(no, shape));
        return emit("Select", operands, yes.dtype(), shape);
    }

    default Operand negative(Operand x) {
        return unary("Negative", x);
    }

    default Operand abs(Operand x) {
        return unary("Abs", x);
    }

    default Operand exp(Operand x) {
        return unary("Exp", x);
    }

    /** The natural logarithm. */
    default Operand log(Operand x) {
        return emit("Log", List.of(x), x.dtype(), x.shape(), Arguments.of(2));
    }

    default Operand sqrt(Operand x) {
        return emit("Sqrt", List.of(x), x.dtype(), x.shape(), Arguments.of(false));
    }

    default Operand rsqrt(Operand x) {
        return emit("Sqrt", List.of(x), x.dtype(), x.shape(), Arguments.of(true));
    }

    default Operand square(Operand x) {
        return unary("Square", x);
    }

    default Operand tanh(Operand x) {
        return unary("Tanh", x);
    }

    default Operand sigmoid(Operand x) {
        return unary("Sigmoid", x);
    }

    default Operand floor(Operand x) {
        return unary("Floor", x);
    }

    default Operand power(Operand a, Operand b) {
        return binary("Power", a, b);
    }

    /** Bitwise: 0 and, 1 or, 2 exclusive or, 3 left shift, 4 right shift. */
    default Operand bitwise(int kind, Operand a, Operand b) {
        if (a.dtype() != b.dtype()) {
            throw Primitives.mixed("BitwiseBinary", a.dtype(), b.dtype());
        }
        List<Expression> shape = Shapes.broadcast(a.shape(), b.shape());
        List<Operand> both = List.of(broadcast(a, shape), broadcast(b, shape));
        return emit("BitwiseBinary", both, a.dtype(), shape, Arguments.of(kind));
    }
}
