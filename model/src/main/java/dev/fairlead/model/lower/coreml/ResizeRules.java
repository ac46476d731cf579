package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Resizing with constant factors. It works axis by axis: nearest neighbours are a gather with constant indices, all else is a product
 * with a constant matrix of weights. MIL's own operations know few of ONNX' coordinate transformations.
 */
final class ResizeRules {
    private ResizeRules() {}

    static void register(Rules rules) {
        rules.add("Resize", ResizeRules::resize);
        rules.add("Upsample", ResizeRules::upsample);
    }

    /** Opset 9's operator, whose coordinates are asymmetric and rounded down. */
    private static void upsample(Call call, Mil mil) {
        Var x = call.in(0);
        double[] scales = call.opset() < 9
                ? call.reals("scales").stream().mapToDouble(Float::doubleValue).toArray()
                : doubles(call.constant(1, "scales"));
        Interpolation how = new Interpolation(call.text("mode", "nearest"), "asymmetric", "floor", -0.75, false, false);
        long[] sizes = sizes(x, scales);
        Var made = x;
        for (int axis = 0; axis < x.rank(); axis++) {
            made = along(made, axis, how.axis(x.size(axis), sizes[axis], scales[axis], 0, 1), mil);
        }
        call.result(made, call.declared(0));
    }

    private static void resize(Call call, Mil mil) {
        Var x = call.in(0);
        boolean old = call.opset() < 11;
        Interpolation how = new Interpolation(
                call.text("mode", "nearest"),
                old ? "asymmetric" : call.text("coordinate_transformation_mode", "half_pixel"),
                old ? "floor" : call.text("nearest_mode", "round_prefer_floor"),
                call.real("cubic_coeff_a", -0.75),
                call.isSet("exclude_outside"),
                call.isSet("antialias"));
        int[] axes = call.integers("axes")
                .map(given ->
                        Arrays.stream(given).mapToInt(axis -> x.axis(axis)).toArray())
                .orElseGet(() -> Arithmetic.axes(0, x.rank()));
        double[] scales = new double[x.rank()];
        Arrays.fill(scales, 1);
        long[] sizes = x.isFixed()
                ? x.sizes()
                : IntStream.range(0, x.rank())
                        .mapToLong(i -> x.isFixed(i) ? x.size(i) : -1)
                        .toArray();
        Optional<double[]> factors = factors(call, old);
        if (factors.isPresent()) {
            for (int i = 0; i < axes.length; i++) {
                scales[axes[i]] = factors.get()[i];
                sizes[axes[i]] =
                        scales[axes[i]] == 1 ? sizes[axes[i]] : (long) Math.floor(x.size(axes[i]) * scales[axes[i]]);
            }
        } else {
            wanted(call, x, axes, scales, sizes);
        }
        double[] region = region(call, x, axes, old);
        Var made = x;
        for (int axis : axes) {
            boolean still = scales[axis] == 1 && region[axis] == 0 && region[axis + x.rank()] == 1;
            if (!still || (x.isFixed(axis) && sizes[axis] != x.size(axis))) {
                Interpolation.Axis rows =
                        how.axis(x.size(axis), sizes[axis], scales[axis], region[axis], region[axis + x.rank()]);
                made = along(made, axis, rows, mil);
                made = outside(made, axis, rows, how, call.real("extrapolation_value", 0), mil);
            }
        }
        call.result(made, call.declared(0));
    }

    private static Optional<double[]> factors(Call call, boolean old) {
        int index = old ? 1 : 2;
        if (!call.has(index)) {
            return Optional.empty();
        }
        Tensor scales = call.constant(index, "scales");
        return scales.elements() == 0 ? Optional.empty() : Optional.of(doubles(scales));
    }

    private static void wanted(Call call, Var x, int[] axes, double[] scales, long[] sizes) {
        long[] wanted = call.longs(3, "sizes");
        String policy = call.text("keep_aspect_ratio_policy", "stretch");
        for (int i = 0; i < axes.length; i++) {
            sizes[axes[i]] = wanted[i];
            scales[axes[i]] = (double) wanted[i] / x.size(axes[i]);
        }
        if (!policy.equals("stretch")) {
            IntStream all = Arrays.stream(axes);
            double scale = policy.equals("not_larger")
                    ? all.mapToDouble(axis -> scales[axis]).min().orElse(1)
                    : all.mapToDouble(axis -> scales[axis]).max().orElse(1);
            for (int axis : axes) {
                scales[axis] = scale;
                sizes[axis] = (long) Math.floor(scale * x.size(axis) + 0.5);
            }
        }
    }

    private static double[] region(Call call, Var x, int[] axes, boolean old) {
        double[] region = new double[2 * x.rank()];
        Arrays.fill(region, x.rank(), region.length, 1);
        if (!old && call.text("coordinate_transformation_mode", "").equals("tf_crop_and_resize")) {
            double[] given = doubles(call.constant(1, "roi"));
            for (int i = 0; i < axes.length; i++) {
                region[axes[i]] = given[i];
                region[axes[i] + x.rank()] = given[i + axes.length];
            }
        }
        return region;
    }

    private static Var along(Var x, int axis, Interpolation.Axis rows, Mil mil) {
        if (rows.isIdentity(x.size(axis))) {
            return x;
        }
        if (rows.isGather()) {
            return mil.gather(x, mil.ints(rows.indices()), axis);
        }
        if (!x.isReal()) {
            throw Refusals.unsupported("an interpolation of integers");
        }
        double[][] weights = rows.matrix(Math.toIntExact(x.size(axis)));
        int out = weights.length;
        Var matrix = mil.reals(x.element(), List.of(x.size(axis), (long) out), i -> weights[i % out][i / out]);
        Var last = mil.moveLast(x, axis);
        Var flat = x.rank() == 1 ? mil.expandDims(last, 0) : last;
        Var made = mil.matmul(flat, matrix, false, false);
        return mil.moveFromLast(x.rank() == 1 ? mil.squeeze(made, 0) : made, axis);
    }

    /** Places beyond the region of a crop take a value of their own. */
    private static Var outside(Var x, int axis, Interpolation.Axis rows, Interpolation how, double value, Mil mil) {
        if (!how.transform().equals("tf_crop_and_resize") || !rows.reachesOutside()) {
            return x;
        }
        boolean[] flags = rows.outside();
        List<Dim> shape = Shapes.with(Shapes.of(Mil.ones(x.rank())), axis, new Dim.Fixed(flags.length));
        Var mask = mil.cast(
                mil.reals(
                        MilDataType.INT32,
                        Arrays.stream(new Var("", x.element(), shape).sizes())
                                .boxed()
                                .toList(),
                        i -> flags[i] ? 1 : 0),
                MilDataType.BOOL);
        return mil.select(mask, mil.like(x, value), x);
    }

    private static long[] sizes(Var x, double[] scales) {
        return IntStream.range(0, x.rank())
                .mapToLong(i -> (long) Math.floor(x.size(i) * scales[i]))
                .toArray();
    }

    static double[] doubles(Tensor tensor) {
        return LongStream.range(0, tensor.elements())
                .mapToDouble(tensor::doubleAt)
                .toArray();
    }
}
