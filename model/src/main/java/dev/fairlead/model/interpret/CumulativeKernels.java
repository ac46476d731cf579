package dev.fairlead.model.interpret;

import java.util.List;

/** Running sums and products along an axis. */
final class CumulativeKernels {
    private CumulativeKernels() {}

    static void register(Kernels kernels) {
        kernels.add("CumSum", call -> run(call, 0, call.sums()::add, (_, a, b) -> a + b));
        kernels.add("CumProd", call -> run(call, 1, (a, b) -> a * b, (_, a, b) -> a * b));
    }

    private static List<Datum> run(
            Call call, int start, java.util.function.DoubleBinaryOperator real, Elementwise.Whole whole) {
        Array array = call.array(0);
        int axis = Shapes.axis(call, call.onlyLong(1), array.rank());
        boolean exclusive = call.integer("exclusive", 0) != 0;
        boolean reverse = call.integer("reverse", 0) != 0;
        Reduction lines = Reduction.over(array.shape(), new int[] {axis}, true);
        Array result = Elements.blank(array, array.shape());
        int length = lines.inner().length;
        for (int line : lines.outer()) {
            double sum = start;
            long wholeSum = start;
            for (int j = 0; j < length; j++) {
                int at = line + lines.inner()[reverse ? length - 1 - j : j];
                if (array instanceof Array.Reals from && result instanceof Array.Reals to) {
                    double next = real.applyAsDouble(sum, from.values()[at]);
                    to.values()[at] = exclusive ? sum : next;
                    sum = next;
                } else if (array instanceof Array.Integers from && result instanceof Array.Integers to) {
                    long next = Widths.wrap(from.dtype(), whole.apply(from.dtype(), wholeSum, from.values()[at]));
                    to.values()[at] = exclusive ? wholeSum : next;
                    wholeSum = next;
                } else {
                    throw call.malformed("input 0 holds no real numbers");
                }
            }
        }
        return Elementwise.one(result);
    }
}
