package dev.fairlead.model.interpret;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Softmax and what is like it. Before opset 13 all axes from the given one on were one. */
final class SoftmaxKernels {
    private SoftmaxKernels() {}

    static void register(Kernels kernels) {
        kernels.add("Softmax", call -> along(call, group -> softmax(call, group)));
        kernels.add("LogSoftmax", call -> along(call, group -> logSoftmax(call, group)));
        kernels.add("Hardmax", call -> along(call, SoftmaxKernels::hardmax));
    }

    private static double[] softmax(Call call, double[] group) {
        double max = Arrays.stream(group).reduce(Double.NEGATIVE_INFINITY, Math::max);
        double[] result = Arrays.stream(group).map(x -> StrictMath.exp(x - max)).toArray();
        double sum = call.sums().of(result);
        return Arrays.stream(result).map(x -> x / sum).toArray();
    }

    private static double[] logSoftmax(Call call, double[] group) {
        double max = Arrays.stream(group).reduce(Double.NEGATIVE_INFINITY, Math::max);
        double[] terms = Arrays.stream(group).map(x -> StrictMath.exp(x - max)).toArray();
        double log = StrictMath.log(call.sums().of(terms));
        return Arrays.stream(group).map(x -> x - max - log).toArray();
    }

    private static double[] hardmax(double[] group) {
        int best = 0;
        for (int i = 1; i < group.length; i++) {
            if (group[i] > group[best]) {
                best = i;
            }
        }
        double[] result = new double[group.length];
        if (group.length > 0) {
            result[best] = 1;
        }
        return result;
    }

    private static List<Datum> along(Call call, UnaryOperator<double[]> function) {
        Array.Reals array = call.reals(0);
        int rank = array.rank();
        boolean flattens = call.opset() < 13;
        if (rank == 0) {
            return Elementwise.one(new Array.Reals(array.dtype(), array.shape(), function.apply(array.values())));
        }
        long given = call.integer("axis", flattens ? 1 : -1);
        int axis = flattens && given == rank ? rank : Shapes.axis(call, given, rank);
        int[] axes = flattens ? Arrays.copyOfRange(Shapes.all(rank), axis, rank) : new int[] {axis};
        Reduction reduction = Reduction.over(array.shape(), axes, true);
        double[] values = new double[array.values().length];
        if (values.length > 0) {
            apply(reduction, array.values(), values, function);
        }
        return Elementwise.one(new Array.Reals(array.dtype(), array.shape(), values));
    }

    private static void apply(Reduction reduction, double[] from, double[] to, UnaryOperator<double[]> function) {
        double[] group = new double[reduction.inner().length];
        for (int start : reduction.outer()) {
            for (int j = 0; j < group.length; j++) {
                group[j] = from[start + reduction.inner()[j]];
            }
            double[] result = function.apply(group);
            for (int j = 0; j < group.length; j++) {
                to[start + reduction.inner()[j]] = result[j];
            }
        }
    }
}
