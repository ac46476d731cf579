package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.graph.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Elementwise operations and reductions, with the types that they make. */
class Arithmetic extends Literals {
    Arithmetic(Emitter out) {
        super(out);
    }

    /** An operation with one operand that keeps its type. */
    Var unary(String type, Var x) {
        return out.write(type, Map.of("x", x), x.element(), x.shape());
    }

    /** Such an operation with a parameter. */
    Var unary(String type, Var x, String parameter, Var value) {
        return out.write(type, Map.of("x", x, parameter, value), x.element(), x.shape());
    }

    Var unary(String type, Var x, String parameter, Var value, String other, Var second) {
        return out.write(type, Map.of("x", x, parameter, value, other, second), x.element(), x.shape());
    }

    /** An operation on two broadcast operands of one type. */
    Var binary(String type, Var x, Var y) {
        requireSame(x, y, type);
        return out.write(type, Map.of("x", x, "y", y), x.element(), Shapes.broadcast(x.shape(), y.shape()));
    }

    Var add(Var x, Var y) {
        return binary("add", x, y);
    }

    Var sub(Var x, Var y) {
        return binary("sub", x, y);
    }

    Var mul(Var x, Var y) {
        return binary("mul", x, y);
    }

    Var div(Var x, Var y) {
        return binary("real_div", x, y);
    }

    Var min(Var x, Var y) {
        return binary("minimum", x, y);
    }

    Var max(Var x, Var y) {
        return binary("maximum", x, y);
    }

    Var pow(Var x, Var y) {
        return binary("pow", x, y);
    }

    Var negative(Var x) {
        return mul(x, like(x, -1));
    }

    /** log(x); MIL would add 1e-45 if it were not told otherwise. */
    Var log(Var x) {
        return unary("log", x, "epsilon", like(x, 0));
    }

    /** 1/√x; MIL would add 1e-12. */
    Var rsqrt(Var x) {
        return unary("rsqrt", x, "epsilon", like(x, 0));
    }

    Var sqrt(Var x) {
        return unary("sqrt", x);
    }

    Var exp(Var x) {
        return unary("exp", x);
    }

    Var abs(Var x) {
        return unary("abs", x);
    }

    Var square(Var x) {
        return mul(x, x);
    }

    /** A comparison of two operands; flags are compared as integers, for MIL compares numbers only. */
    Var compare(String type, Var x, Var y) {
        if (x.isFlag() && y.isFlag()) {
            return compare(type, cast(x, MilDataType.INT32), cast(y, MilDataType.INT32));
        }
        requireSame(x, y, type);
        return out.write(type, Map.of("x", x, "y", y), MilDataType.BOOL, Shapes.broadcast(x.shape(), y.shape()));
    }

    Var equal(Var x, Var y) {
        return compare("equal", x, y);
    }

    Var less(Var x, Var y) {
        return compare("less", x, y);
    }

    Var greater(Var x, Var y) {
        return compare("greater", x, y);
    }

    Var and(Var x, Var y) {
        return logical("logical_and", x, y);
    }

    Var or(Var x, Var y) {
        return logical("logical_or", x, y);
    }

    Var logical(String type, Var x, Var y) {
        return out.write(type, Map.of("x", x, "y", y), MilDataType.BOOL, Shapes.broadcast(x.shape(), y.shape()));
    }

    Var not(Var x) {
        return out.write("logical_not", Map.of("x", x), MilDataType.BOOL, x.shape());
    }

    /** The same numbers in another element type; truncates towards zero when floating numbers become integers. */
    Var cast(Var x, MilDataType to) {
        if (x.element() == to) {
            return x;
        }
        if (to == MilDataType.BOOL) {
            return compare("not_equal", x, like(x, 0));
        }
        String name = switch (to) {
            case FLOAT32 -> "fp32";
            case FLOAT16 -> "fp16";
            case INT32 -> "int32";
            default -> throw new IllegalArgumentException("to: " + to);
        };
        return out.write("cast", Map.of("x", x, "dtype", text(name)), to, x.shape());
    }

    /** A reduction; axes may count from the end. */
    Var reduce(String type, Var x, int[] axes, boolean keep) {
        boolean[] reduced = new boolean[x.rank()];
        for (int axis : axes) {
            reduced[x.axis(axis)] = true;
        }
        List<Dim> shape = new ArrayList<>();
        for (int i = 0; i < reduced.length; i++) {
            if (!reduced[i]) {
                shape.add(x.shape().get(i));
            } else if (keep) {
                shape.add(Shapes.ONE);
            }
        }
        if (axes.length == 0 || x.rank() == 0) {
            return x;
        }
        long[] wanted = Arrays.stream(axes).mapToLong(axis -> x.axis(axis)).toArray();
        return out.write(type, Map.of("x", x, "axes", ints(wanted), "keep_dims", flag(keep)), x.element(), shape);
    }

    Var sum(Var x, int... axes) {
        return reduce("reduce_sum", x, axes, true);
    }

    Var mean(Var x, int... axes) {
        return reduce("reduce_mean", x, axes, true);
    }

    Var argument(String type, Var x, int axis, boolean keep) {
        int at = x.axis(axis);
        List<Dim> shape = new ArrayList<>(x.shape());
        if (keep) {
            shape.set(at, Shapes.ONE);
        } else {
            shape.remove(at);
        }
        return out.write(type, Map.of("x", x, "axis", integer(at), "keep_dims", flag(keep)), MilDataType.INT32, shape);
    }

    Var softmax(Var x, int axis) {
        return unary("softmax", x, "axis", integer(x.axis(axis)));
    }

    static int[] axes(int from, int to) {
        return IntStream.range(from, to).toArray();
    }

    static void requireSame(Var x, Var y, String type) {
        if (x.element() != y.element()) {
            throw new IllegalStateException(
                    type + " of " + x.element() + " and " + y.element() + ", a rule did not cast one of them");
        }
    }
}
