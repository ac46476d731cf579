package dev.fairlead.model.interpret;

import java.util.Arrays;
import java.util.List;

/** Resize of all opsets and Upsample. Interpolation is along one axis after the other, for its weights are products. */
final class ResizeKernels {
    private ResizeKernels() {}

    static void register(Kernels kernels) {
        kernels.add("Resize", ResizeKernels::resize);
        kernels.add("Upsample", ResizeKernels::upsample);
    }

    /** Sizes and scales of every axis. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    private record Target(int[] sizes, double[] scales, double[] starts, double[] ends) {}

    private static List<Datum> resize(Call call) {
        int[] shape = call.array(0).shape();
        if (call.opset() < 11) {
            Target target = scaled(shape, Doubles.of(call, 1));
            return List.of(run(call, target, new ResizeAxis.Settings(call, "asymmetric", ResizeAxis.BY_SCALE)));
        }
        int[] axes = call.integers("axes").map(Position::ints).orElseGet(() -> all(shape.length));
        for (int i = 0; i < axes.length; i++) {
            axes[i] = Shapes.axis(call, axes[i], shape.length);
        }
        Target target = sized(call, 3) ? sizes(call, shape, axes) : scales(call, shape, axes);
        if (sized(call, 1)) {
            double[] roi = Doubles.of(call, 1);
            for (int i = 0; i < axes.length; i++) {
                target.starts[axes[i]] = roi[i];
                target.ends[axes[i]] = roi[i + axes.length];
            }
        }
        return List.of(run(call, target, new ResizeAxis.Settings(call, "half_pixel", "round_prefer_floor")));
    }

    /** Scales are an attribute before version 9 and an input since. */
    private static List<Datum> upsample(Call call) {
        double[] scales = call.has(1)
                ? Doubles.of(call, 1)
                : call.reals("scales")
                        .map(list ->
                                list.stream().mapToDouble(Float::doubleValue).toArray())
                        .orElseThrow(() -> call.malformed("attribute scales is missing"));
        Target target = scaled(call.array(0).shape(), scales);
        return List.of(run(call, target, new ResizeAxis.Settings(call, "asymmetric", ResizeAxis.BY_SCALE)));
    }

    /** Whether an optional input is there; an empty array stands for one that is not. */
    private static boolean sized(Call call, int index) {
        return call.has(index) && call.array(index).size() > 0;
    }

    private static int[] all(int rank) {
        int[] axes = new int[rank];
        Arrays.setAll(axes, axis -> axis);
        return axes;
    }

    private static Target scaled(int[] shape, double[] scales) {
        int[] sizes = new int[shape.length];
        Arrays.setAll(sizes, axis -> (int) Math.floor(shape[axis] * scales[axis]));
        return new Target(sizes, scales, new double[shape.length], ones(shape.length));
    }

    private static double[] ones(int length) {
        double[] ones = new double[length];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static Target scales(Call call, int[] shape, int[] axes) {
        double[] given = Doubles.of(call, 2);
        if (given.length != axes.length) {
            throw call.malformed(given.length + " scales for " + axes.length + " axes");
        }
        double[] scales = ones(shape.length);
        for (int i = 0; i < axes.length; i++) {
            scales[axes[i]] = given[i];
        }
        return scaled(shape, scales);
    }

    private static Target sizes(Call call, int[] shape, int[] axes) {
        int[] given = Position.ints(call.integers(3));
        if (given.length != axes.length) {
            throw call.malformed(given.length + " sizes for " + axes.length + " axes");
        }
        int[] sizes = shape.clone();
        double[] scales = ones(shape.length);
        for (int i = 0; i < axes.length; i++) {
            sizes[axes[i]] = given[i];
            scales[axes[i]] = (double) given[i] / shape[axes[i]];
        }
        String policy = call.text("keep_aspect_ratio_policy", "stretch");
        if (!policy.equals("stretch")) {
            double smallest =
                    Arrays.stream(axes).mapToDouble(axis -> scales[axis]).min().orElse(1);
            double largest =
                    Arrays.stream(axes).mapToDouble(axis -> scales[axis]).max().orElse(1);
            double common = switch (policy) {
                case "not_larger" -> smallest;
                case "not_smaller" -> largest;
                default -> throw call.malformed("keep_aspect_ratio_policy " + policy);
            };
            for (int axis : axes) {
                scales[axis] = common;
                sizes[axis] = (int) Math.floor(common * shape[axis] + 0.5);
            }
        }
        return new Target(sizes, scales, new double[shape.length], ones(shape.length));
    }

    private static Datum run(Call call, Target target, ResizeAxis.Settings settings) {
        Array x = call.array(0);
        int[] shape = x.shape();
        boolean nearest = settings.mode().equals("nearest");
        ResizeAxis[] lines = new ResizeAxis[shape.length];
        for (int axis = 0; axis < shape.length; axis++) {
            lines[axis] = ResizeAxis.of(
                    call,
                    settings,
                    shape[axis],
                    target.sizes[axis],
                    target.scales[axis],
                    target.starts[axis],
                    target.ends[axis]);
        }
        boolean extrapolates = settings.transform().equals("tf_crop_and_resize");
        if (nearest && !extrapolates) {
            int[] from = new int[Array.size(target.sizes)];
            int[] next = {0};
            Position.each(target.sizes, position -> {
                int flat = 0;
                for (int axis = 0; axis < shape.length; axis++) {
                    flat = flat * shape[axis] + lines[axis].cells()[position[axis]][0];
                }
                from[next[0]++] = flat;
            });
            return Datum.of(Elements.pick(x, target.sizes, from));
        }
        double[] values = Doubles.of(call, 0);
        int[] current = shape.clone();
        for (int axis = 0; axis < shape.length; axis++) {
            if (!lines[axis].isIdentity(shape[axis])) {
                values = along(values, current, axis, lines[axis]);
            }
            current[axis] = target.sizes[axis];
        }
        double[] y = values;
        if (extrapolates) {
            y = values.clone();
            double outside = call.real("extrapolation_value", 0);
            int[] next = {0};
            double[] filled = y;
            Position.each(target.sizes, position -> {
                for (int axis = 0; axis < shape.length; axis++) {
                    filled[next[0]] = lines[axis].outside()[position[axis]] ? outside : filled[next[0]];
                }
                next[0]++;
            });
        }
        return Doubles.datum(Doubles.dtype(call, 0), target.sizes, y);
    }

    private static double[] along(double[] values, int[] shape, int axis, ResizeAxis line) {
        int outer = Array.size(Position.before(shape, axis));
        int stride = Array.size(Position.behind(shape, axis + 1));
        int length = line.cells().length;
        double[] y = new double[outer * length * stride];
        for (int i = 0; i < outer * length; i++) {
            int[] cells = line.cells()[i % length];
            double[] weights = line.weights()[i % length];
            for (int k = 0; k < cells.length; k++) {
                int from = (i / length * shape[axis] + cells[k]) * stride;
                for (int j = 0; j < stride; j++) {
                    y[i * stride + j] += weights[k] * values[from + j];
                }
            }
        }
        return y;
    }
}
