package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;

/** Reductions over axes. Of no elements they give what is neutral: 0, 1, the type's infinities or bounds. */
final class ReduceKernels {
    private ReduceKernels() {}

    static void register(Kernels kernels) {
        kernels.add("ReduceSum", call -> whole(call, x -> x, 0, (_, a, b) -> a + b, call.sums()::of));
        kernels.add("ReduceProd", call -> whole(call, x -> x, 1, (_, a, b) -> a * b, ReduceKernels::product));
        kernels.add("ReduceL1", call -> whole(call, Math::abs, 0, (_, a, b) -> a + Math.abs(b), of(call, Math::abs)));
        kernels.add(
                "ReduceSumSquare", call -> whole(call, x -> x * x, 0, (_, a, b) -> a + b * b, of(call, x -> x * x)));
        kernels.add(
                "ReduceL2",
                call -> real(
                        call, Math::abs, group -> Math.sqrt(of(call, x -> x * x).applyAsDouble(group))));
        kernels.add(
                "ReduceMean", call -> real(call, x -> x, group -> call.sums().of(group) / group.length));
        kernels.add(
                "ReduceLogSum",
                call -> real(
                        call,
                        StrictMath::log,
                        group -> StrictMath.log(call.sums().of(group))));
        kernels.add("ReduceLogSumExp", call -> real(call, x -> x, group -> logSumExp(call, group)));
        kernels.add("ReduceMax", call -> extreme(call, true));
        kernels.add("ReduceMin", call -> extreme(call, false));
        kernels.add("ArgMax", call -> place(call, true));
        kernels.add("ArgMin", call -> place(call, false));
    }

    /** The sum of a function of each. */
    private static ToDoubleFunction<double[]> of(Call call, DoubleUnaryOperator term) {
        return group -> call.sums().of(Arrays.stream(group).map(term).toArray());
    }

    private static double product(double[] group) {
        double product = 1;
        for (double value : group) {
            product *= value;
        }
        return product;
    }

    /** The largest term is taken out, so that the others cannot overflow. */
    private static double logSumExp(Call call, double[] group) {
        double max = Arrays.stream(group).reduce(Double.NEGATIVE_INFINITY, Math::max);
        if (Double.isInfinite(max)) {
            return max;
        }
        return max
                + StrictMath.log(of(call, value -> StrictMath.exp(value - max)).applyAsDouble(group));
    }

    /**
     * A reduction that is exact for integers.
     *
     * @param alone what is done to an element where nothing is reduced
     */
    private static List<Datum> whole(
            Call call, DoubleUnaryOperator alone, long start, Elementwise.Whole step, ToDoubleFunction<double[]> real) {
        if (!(call.array(0) instanceof Array.Integers array)) {
            return real(call, alone, real);
        }
        Optional<Reduction> found = Reduction.of(call, array.shape());
        DType dtype = array.dtype();
        if (found.isEmpty()) {
            return Elementwise.one(Numbers.map(array, value -> Widths.wrap(dtype, step.apply(dtype, start, value))));
        }
        Reduction reduction = found.get();
        long[] values = new long[reduction.outer().length];
        for (int i = 0; i < values.length; i++) {
            long result = start;
            for (int offset : reduction.inner()) {
                result = step.apply(dtype, result, array.values()[reduction.outer()[i] + offset]);
            }
            values[i] = Widths.wrap(dtype, result);
        }
        return Elementwise.one(new Array.Integers(dtype, reduction.shape(), values));
    }

    private static List<Datum> real(Call call, DoubleUnaryOperator alone, ToDoubleFunction<double[]> reduce) {
        Array array = call.array(0);
        double[] from = Numbers.doubles(call, array);
        Optional<Reduction> found = Reduction.of(call, array.shape());
        if (found.isEmpty()) {
            double[] values = Arrays.stream(from).map(alone).toArray();
            return Elementwise.one(Numbers.like(call, array, array.shape(), values));
        }
        Reduction reduction = found.get();
        return Elementwise.one(Numbers.like(call, array, reduction.shape(), reduce(reduction, from, reduce)));
    }

    /** The group of each element of the output, reduced. */
    static double[] reduce(Reduction reduction, double[] from, ToDoubleFunction<double[]> reduce) {
        double[] values = new double[reduction.outer().length];
        double[] group = new double[reduction.inner().length];
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < group.length; j++) {
                group[j] = from[reduction.outer()[i] + reduction.inner()[j]];
            }
            values[i] = reduce.applyAsDouble(group);
        }
        return values;
    }

    private static List<Datum> extreme(Call call, boolean largest) {
        if (call.array(0) instanceof Array.Integers integers) {
            DType dtype = integers.dtype();
            long start = largest ? Widths.smallest(dtype) : Widths.largest(dtype);
            return whole(call, x -> x, start, (_, a, b) -> Widths.compare(dtype, a, b) >= 0 == largest ? a : b, _ -> 0);
        }
        double start = largest ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        return real(call, x -> x, group -> Arrays.stream(group).reduce(start, largest ? Math::max : Math::min));
    }

    /** Where the extreme lies along an axis: the first of equals unless the node asks for the last. NaN is beyond all numbers. */
    private static List<Datum> place(Call call, boolean largest) {
        Array array = call.array(0);
        int axis = Shapes.axis(call, call.integer("axis", 0), array.rank());
        boolean last = call.integer("select_last_index", 0) != 0;
        Reduction reduction = Reduction.over(array.shape(), new int[] {axis}, call.integer("keepdims", 1) != 0);
        long[] places = new long[reduction.outer().length];
        for (int i = 0; i < places.length; i++) {
            int best = 0;
            for (int j = 1; j < reduction.inner().length; j++) {
                int order = compare(
                        call,
                        array,
                        reduction.outer()[i] + reduction.inner()[j],
                        reduction.outer()[i] + reduction.inner()[best],
                        largest);
                if (order > 0 || (last && order == 0)) {
                    best = j;
                }
            }
            places[i] = best;
        }
        return Elementwise.one(new Array.Integers(DType.INT64, reduction.shape(), places));
    }

    /** Positive where the first element is further in the direction that is looked for. */
    static int compare(Call call, Array array, int first, int second, boolean largest) {
        if (array instanceof Array.Integers integers) {
            int order = Widths.compare(integers.dtype(), integers.values()[first], integers.values()[second]);
            return largest ? order : -order;
        }
        if (!(array instanceof Array.Reals reals)) {
            throw call.malformed("input 0 holds no real numbers");
        }
        double a = reals.values()[first];
        double b = reals.values()[second];
        if (Double.isNaN(a) || Double.isNaN(b)) {
            return Boolean.compare(Double.isNaN(a), Double.isNaN(b));
        }
        return largest ? (a > b ? 1 : a < b ? -1 : 0) : (a < b ? 1 : a > b ? -1 : 0);
    }
}
