package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Arithmetic of two or more inputs, and what of one input is also defined for integers. */
final class ArithmeticKernels {
    private ArithmeticKernels() {}

    static void register(Kernels kernels) {
        kernels.add("Add", Elementwise.binary(Double::sum, (_, a, b) -> a + b));
        kernels.add("Sub", Elementwise.binary((a, b) -> a - b, (_, a, b) -> a - b));
        kernels.add("Mul", Elementwise.binary((a, b) -> a * b, (_, a, b) -> a * b));
        kernels.add("Div", ArithmeticKernels::divide);
        kernels.add("Mod", ArithmeticKernels::modulo);
        kernels.add("Pow", ArithmeticKernels::power);
        kernels.add("Max", call -> fold(call, ArithmeticKernels::max));
        kernels.add("Min", call -> fold(call, ArithmeticKernels::min));
        kernels.add("Sum", call -> fold(call, ArithmeticKernels::sum));
        kernels.add("Mean", call -> {
            int count = call.inputs();
            return Elementwise.one(
                    Elementwise.map(asReals(call, fold(call, ArithmeticKernels::sum)), sum -> sum / count));
        });
        kernels.add("Abs", call -> unary(call, Math::abs, ArithmeticKernels::absolute));
        kernels.add("Neg", call -> unary(call, value -> -value, (_, value) -> -value));
        kernels.add("Sign", call -> unary(call, Math::signum, ArithmeticKernels::sign));
        kernels.add("BitShift", ArithmeticKernels::shift);
    }

    private interface Fold {
        Array apply(Call call, Array first, Array second);
    }

    static Array max(Call call, Array first, Array second) {
        return Elementwise.combine(
                call, first, second, Math::max, (dtype, a, b) -> Widths.compare(dtype, a, b) >= 0 ? a : b);
    }

    static Array min(Call call, Array first, Array second) {
        return Elementwise.combine(
                call, first, second, Math::min, (dtype, a, b) -> Widths.compare(dtype, a, b) <= 0 ? a : b);
    }

    private static Array sum(Call call, Array first, Array second) {
        return Elementwise.combine(call, first, second, Double::sum, (_, a, b) -> a + b);
    }

    private static List<Datum> fold(Call call, Fold fold) {
        Array result = call.array(0);
        for (int i = 1; i < call.inputs(); i++) {
            result = fold.apply(call, result, call.array(i));
        }
        return Elementwise.one(result);
    }

    private static Array.Reals asReals(Call call, List<Datum> results) {
        if (results.getFirst() instanceof Datum.Dense(Array.Reals reals)) {
            return reals;
        }
        throw call.malformed("inputs hold no floating numbers");
    }

    private static List<Datum> divide(Call call) {
        return Elementwise.binary((a, b) -> a / b, (dtype, a, b) -> {
                    if (b == 0) {
                        throw call.malformed("divides an integer by zero");
                    }
                    return dtype == DType.UINT64 ? Long.divideUnsigned(a, b) : a / b;
                })
                .run(call);
    }

    /** Without {@code fmod} the result has the divisor's sign, with it the dividend's. */
    private static List<Datum> modulo(Call call) {
        boolean truncates = call.integer("fmod", 0) != 0;
        return Elementwise.binary((a, b) -> truncates ? a % b : floorMod(a, b), (dtype, a, b) -> {
                    if (b == 0) {
                        throw call.malformed("divides an integer by zero");
                    }
                    if (dtype == DType.UINT64) {
                        return Long.remainderUnsigned(a, b);
                    }
                    return truncates ? a % b : Math.floorMod(a, b);
                })
                .run(call);
    }

    private static double floorMod(double a, double b) {
        double rest = a % b;
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    }

    /** The result has the base's type, whatever the exponent's. */
    private static List<Datum> power(Call call) {
        int[] shape =
                Shapes.broadcast(call, call.array(0).shape(), call.array(1).shape());
        Array base = Elements.broadcast(call.array(0), shape);
        Array exponent = Elements.broadcast(call.array(1), shape);
        if (base instanceof Array.Reals x) {
            double[] values = new double[x.values().length];
            double[] powers = Numbers.doubles(call, exponent);
            Arrays.setAll(values, i -> StrictMath.pow(x.values()[i], powers[i]));
            return Elementwise.one(new Array.Reals(x.dtype(), shape, values));
        }
        if (!(base instanceof Array.Integers x)) {
            throw call.malformed("input 0 holds no numbers");
        }
        long[] values = new long[x.values().length];
        if (exponent instanceof Array.Integers y) {
            Arrays.setAll(values, i -> Widths.wrap(x.dtype(), power(call, x.values()[i], y.values()[i])));
        } else {
            double[] powers = Numbers.doubles(call, exponent);
            double[] bases = Numbers.doubles(call, base);
            Arrays.setAll(values, i -> Widths.truncated(x.dtype(), StrictMath.pow(bases[i], powers[i])));
        }
        return Elementwise.one(new Array.Integers(x.dtype(), shape, values));
    }

    private static long power(Call call, long base, long exponent) {
        if (exponent < 0) {
            if (base == 0) {
                throw call.malformed("raises zero to a negative power");
            }
            return base == 1 ? 1 : base == -1 ? ((exponent & 1) == 0 ? 1 : -1) : 0;
        }
        long result = 1;
        long square = base;
        for (long rest = exponent; rest > 0; rest >>= 1) {
            if ((rest & 1) != 0) {
                result *= square;
            }
            square *= square;
        }
        return result;
    }

    private interface WholeFunction {
        long apply(DType dtype, long value);
    }

    private static List<Datum> unary(Call call, DoubleUnaryOperator real, WholeFunction whole) {
        if (call.array(0) instanceof Array.Integers integers) {
            DType dtype = integers.dtype();
            return Elementwise.one(Numbers.map(integers, value -> Widths.wrap(dtype, whole.apply(dtype, value))));
        }
        return Elementwise.one(Elementwise.map(call.reals(0), real));
    }

    private static long absolute(DType dtype, long value) {
        return dtype == DType.UINT64 ? value : Math.abs(value);
    }

    private static long sign(DType dtype, long value) {
        return Widths.compare(dtype, value, 0);
    }

    private static List<Datum> shift(Call call) {
        boolean left = call.text("direction", "").equals("LEFT");
        if (!left && !call.text("direction", "").equals("RIGHT")) {
            throw call.malformed("attribute direction is neither LEFT nor RIGHT");
        }
        return Elementwise.binary(
                        (_, _) -> {
                            throw call.malformed("inputs hold no integers");
                        },
                        (dtype, a, b) -> b < 0 || b >= dtype.bits() ? 0 : left ? a << b : a >>> b)
                .run(call);
    }
}
