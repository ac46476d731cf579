package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Kernels that compute each element of their output from one element of each input, inputs broadcast to one shape. */
final class Elementwise {
    private Elementwise() {}

    /** An operation of integers of one dtype; its result is cut to the dtype's width. */
    interface Whole {
        long apply(DType dtype, long first, long second);
    }

    /** A comparison of integers of one dtype. */
    interface WholeTest {
        boolean test(DType dtype, long first, long second);
    }

    interface RealTest {
        boolean test(double first, double second);
    }

    static List<Datum> one(Array array) {
        return List.of(Datum.of(array));
    }

    static Array.Reals map(Array.Reals array, DoubleUnaryOperator function) {
        double[] values = new double[array.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = function.applyAsDouble(array.values()[i]);
        }
        return new Array.Reals(array.dtype(), array.shape(), values);
    }

    /** A function of floating numbers. */
    static Kernel real(DoubleUnaryOperator function) {
        return call -> one(map(call.reals(0), function));
    }

    /** A function of two arrays of one dtype. */
    static Kernel binary(DoubleBinaryOperator real, Whole whole) {
        return call -> one(combine(call, call.array(0), second(call), real, whole));
    }

    static Array combine(Call call, Array first, Array second, DoubleBinaryOperator real, Whole whole) {
        int[] shape = Shapes.broadcast(call, first.shape(), second.shape());
        Array a = Elements.broadcast(first, shape);
        Array b = Elements.broadcast(second, shape);
        if (a instanceof Array.Reals x && b instanceof Array.Reals y && x.dtype() == y.dtype()) {
            double[] values = new double[x.values().length];
            for (int i = 0; i < values.length; i++) {
                values[i] = real.applyAsDouble(x.values()[i], y.values()[i]);
            }
            return new Array.Reals(x.dtype(), shape, values);
        }
        if (a instanceof Array.Integers x && b instanceof Array.Integers y && x.dtype() == y.dtype()) {
            long[] values = new long[x.values().length];
            for (int i = 0; i < values.length; i++) {
                values[i] = Widths.wrap(x.dtype(), whole.apply(x.dtype(), x.values()[i], y.values()[i]));
            }
            return new Array.Integers(x.dtype(), shape, values);
        }
        throw call.malformed("inputs are not of one numeric type");
    }

    /** A comparison of two arrays of one dtype. */
    static Kernel compare(RealTest real, WholeTest whole) {
        return call -> {
            Array first = call.array(0);
            Array second = second(call);
            int[] shape = Shapes.broadcast(call, first.shape(), second.shape());
            Array a = Elements.broadcast(first, shape);
            Array b = Elements.broadcast(second, shape);
            long[] values = new long[a.size()];
            if (a instanceof Array.Reals x && b instanceof Array.Reals y) {
                Arrays.setAll(values, i -> real.test(x.values()[i], y.values()[i]) ? 1 : 0);
            } else if (a instanceof Array.Integers x && b instanceof Array.Integers y && x.dtype() == y.dtype()) {
                Arrays.setAll(values, i -> whole.test(x.dtype(), x.values()[i], y.values()[i]) ? 1 : 0);
            } else {
                throw call.malformed("inputs are not of one numeric type");
            }
            return one(new Array.Integers(DType.BOOL, shape, values));
        };
    }

    /**
     * Before opset 7 the second input was broadcast only where the node said so, and then from an axis on: this gives it the
     * trailing axes that today's rule needs.
     */
    private static Array second(Call call) {
        Array array = call.array(1);
        if (call.opset() >= 7 || !call.node().domain().isEmpty()) {
            return array;
        }
        int rank = call.array(0).rank();
        if (call.integer("broadcast", 0) == 0 || call.attribute("axis") == null) {
            return array;
        }
        int axis = Shapes.axis(call, call.integer("axis"), rank);
        int[] shape = Arrays.copyOf(array.shape(), Math.max(array.rank(), rank - axis));
        Arrays.fill(shape, array.rank(), shape.length, 1);
        return Elements.reshaped(array, shape);
    }
}
