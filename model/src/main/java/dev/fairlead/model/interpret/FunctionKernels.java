package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.List;

/** Mathematical functions of one floating number. {@link StrictMath} gives the same bits on every machine. */
final class FunctionKernels {
    private FunctionKernels() {}

    static void register(Kernels kernels) {
        kernels.add("Reciprocal", Elementwise.real(x -> 1 / x));
        kernels.add("Sqrt", Elementwise.real(Math::sqrt));
        kernels.add("Exp", Elementwise.real(StrictMath::exp));
        kernels.add("Log", Elementwise.real(StrictMath::log));
        kernels.add("Sin", Elementwise.real(StrictMath::sin));
        kernels.add("Cos", Elementwise.real(StrictMath::cos));
        kernels.add("Tan", Elementwise.real(StrictMath::tan));
        kernels.add("Asin", Elementwise.real(StrictMath::asin));
        kernels.add("Acos", Elementwise.real(StrictMath::acos));
        kernels.add("Atan", Elementwise.real(StrictMath::atan));
        kernels.add("Sinh", Elementwise.real(StrictMath::sinh));
        kernels.add("Cosh", Elementwise.real(StrictMath::cosh));
        kernels.add("Tanh", Elementwise.real(StrictMath::tanh));
        kernels.add("Asinh", Elementwise.real(Functions::asinh));
        kernels.add("Acosh", Elementwise.real(Functions::acosh));
        kernels.add("Atanh", Elementwise.real(Functions::atanh));
        kernels.add("Erf", Elementwise.real(Functions::erf));
        kernels.add("Ceil", Elementwise.real(Math::ceil));
        kernels.add("Floor", Elementwise.real(Math::floor));
        kernels.add("Round", Elementwise.real(Math::rint));
        kernels.add("IsNaN", call -> test(call, Double::isNaN));
        kernels.add("IsInf", FunctionKernels::isInfinite);
    }

    private interface Test {
        boolean test(double value);
    }

    private static List<Datum> isInfinite(Call call) {
        boolean negative = call.integer("detect_negative", 1) != 0;
        boolean positive = call.integer("detect_positive", 1) != 0;
        return test(
                call,
                value -> (positive && value == Double.POSITIVE_INFINITY)
                        || (negative && value == Double.NEGATIVE_INFINITY));
    }

    private static List<Datum> test(Call call, Test test) {
        Array.Reals array = call.reals(0);
        long[] values = new long[array.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = test.test(array.values()[i]) ? 1 : 0;
        }
        return Elementwise.one(new Array.Integers(DType.BOOL, array.shape(), values));
    }
}
