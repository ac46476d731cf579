package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Pools over windows and over whole planes, and MaxUnpool. */
final class PoolKernels {
    private PoolKernels() {}

    static void register(Kernels kernels) {
        kernels.add("MaxPool", PoolKernels::max);
        kernels.add("AveragePool", PoolKernels::average);
        kernels.add("LpPool", PoolKernels::lp);
        kernels.add(
                "GlobalAveragePool", call -> global(call, plane -> call.sums().of(plane) / plane.length));
        kernels.add(
                "GlobalMaxPool",
                call -> global(call, plane -> Arrays.stream(plane).reduce(Double.NEGATIVE_INFINITY, Math::max)));
        kernels.add("GlobalLpPool", call -> global(call, plane -> norm(plane, power(call))));
        kernels.add("MaxUnpool", PoolKernels::unpool);
    }

    private static List<Datum> max(Call call) {
        double[] x = Doubles.of(call, 0);
        int[] shape = call.array(0).shape();
        Window window = window(call, shape);
        boolean columns = call.integer("storage_order", 0) == 1;
        int inputs = Array.size(window.input());
        int places = Array.size(window.output());
        int planes = shape[0] * shape[1];
        double[] y = new double[planes * places];
        long[] indices = new long[planes * places];
        int[] at = {0};
        Position.each(window.output(), place -> {
            int[] under = window.under(place);
            for (int plane = 0; plane < planes; plane++) {
                int best = -1;
                for (int cell : under) {
                    if (cell >= 0 && (best < 0 || above(x[plane * inputs + cell], x[plane * inputs + best]))) {
                        best = cell;
                    }
                }
                y[plane * places + at[0]] = best < 0 ? Double.NEGATIVE_INFINITY : x[plane * inputs + best];
                indices[plane * places + at[0]] =
                        (long) plane * inputs + (columns ? column(best, window.input()) : best);
            }
            at[0]++;
        });
        int[] pooled = pooled(shape, window);
        return List.of(
                Doubles.datum(Doubles.dtype(call, 0), pooled, y),
                Datum.of(new Array.Integers(DType.INT64, pooled, indices)));
    }

    /** NaN is above every number, so that it comes through. */
    private static boolean above(double value, double best) {
        return value > best || (Double.isNaN(value) && !Double.isNaN(best));
    }

    /** Column-major index of a row-major one. */
    private static int column(int flat, int[] shape) {
        int column = 0;
        int rest = flat;
        int[] position = new int[shape.length];
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            position[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            column = column * shape[axis] + position[axis];
        }
        return column;
    }

    private static List<Datum> average(Call call) {
        boolean padding = call.integer("count_include_pad", 0) == 1;
        return pool(call, (values, window, place) -> {
            int count = padding ? window.withPadding(place) : values.length;
            return call.sums().of(values) / count;
        });
    }

    private static List<Datum> lp(Call call) {
        double p = power(call);
        return pool(call, (values, window, place) -> norm(values, p));
    }

    private static double power(Call call) {
        // The first version of the operators had a float.
        return call.opset() < 2 ? call.real("p", 2) : call.integer("p", 2);
    }

    private static double norm(double[] values, double p) {
        double sum = 0;
        for (double value : values) {
            sum += StrictMath.pow(Math.abs(value), p);
        }
        return StrictMath.pow(sum, 1 / p);
    }

    private interface Pool {
        /** @param values the window's cells that are not padding */
        double of(double[] values, Window window, int[] place);
    }

    private static List<Datum> pool(Call call, Pool pool) {
        Array.Reals x = call.reals(0);
        Window window = window(call, x.shape());
        int inputs = Array.size(window.input());
        int places = Array.size(window.output());
        int planes = x.shape()[0] * x.shape()[1];
        double[] y = new double[planes * places];
        int[] at = {0};
        Position.each(window.output(), place -> {
            int[] under =
                    Arrays.stream(window.under(place)).filter(cell -> cell >= 0).toArray();
            double[] values = new double[under.length];
            for (int plane = 0; plane < planes; plane++) {
                for (int i = 0; i < under.length; i++) {
                    values[i] = x.values()[plane * inputs + under[i]];
                }
                y[plane * places + at[0]] = pool.of(values, window, place);
            }
            at[0]++;
        });
        return List.of(Doubles.datum(x.dtype(), pooled(x.shape(), window), y));
    }

    private static Window window(Call call, int[] shape) {
        int[] kernel = call.integers("kernel_shape")
                .map(Position::ints)
                .orElseThrow(() -> call.malformed("attribute kernel_shape is missing"));
        Window.Places places = call.integer("ceil_mode", 0) == 1 ? Window.Places.CEILING : Window.Places.FLOOR;
        return Window.of(call, Position.behind(shape, 2), kernel, places);
    }

    private static int[] pooled(int[] shape, Window window) {
        return Shapes.concat(Position.before(shape, 2), window.output());
    }

    private static List<Datum> global(Call call, ToDoubleFunction<double[]> pool) {
        Array.Reals x = call.reals(0);
        int planes = x.shape()[0] * x.shape()[1];
        int cells = Array.size(Position.behind(x.shape(), 2));
        double[] y = new double[planes];
        Arrays.setAll(y, i -> pool.applyAsDouble(Arrays.copyOfRange(x.values(), i * cells, (i + 1) * cells)));
        int[] shape = Shapes.concat(Position.before(x.shape(), 2), Position.filled(x.rank() - 2, 1));
        return List.of(Doubles.datum(x.dtype(), shape, y));
    }

    /** Indices count in the shape that undoes the pool; a larger output has zeros behind it. */
    private static List<Datum> unpool(Call call) {
        Array.Reals x = call.reals(0);
        long[] indices = call.integers(1).values();
        int rank = x.rank() - 2;
        int[] kernel = call.integers("kernel_shape").map(Position::ints).orElseGet(() -> new int[rank]);
        int[] strides = call.integers("strides").map(Position::ints).orElseGet(() -> Position.filled(rank, 1));
        int[] pads = call.integers("pads").map(Position::ints).orElseGet(() -> new int[2 * rank]);
        int[] whole = x.shape().clone();
        for (int axis = 0; axis < rank; axis++) {
            whole[axis + 2] = (whole[axis + 2] - 1) * strides[axis] + kernel[axis] - pads[axis] - pads[axis + rank];
        }
        int[] shape = call.has(2) ? Position.ints(call.integers(2)) : whole;
        double[] y = new double[Array.size(shape)];
        for (int i = 0; i < indices.length; i++) {
            int rest = Math.toIntExact(indices[i]);
            if (rest < 0 || rest >= Array.size(whole)) {
                throw call.malformed("index " + rest + " outside " + Arrays.toString(whole));
            }
            int[] position = new int[shape.length];
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                position[axis] = rest % whole[axis];
                rest /= whole[axis];
                if (position[axis] >= shape[axis]) {
                    throw call.malformed("index " + indices[i] + " outside " + Arrays.toString(shape));
                }
            }
            y[Position.flat(position, shape)] = x.values()[i];
        }
        return List.of(Doubles.datum(x.dtype(), shape, y));
    }
}
