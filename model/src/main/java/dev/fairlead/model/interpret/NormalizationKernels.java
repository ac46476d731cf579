package dev.fairlead.model.interpret;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Normalisations over planes and channels. */
final class NormalizationKernels {
    private NormalizationKernels() {}

    static void register(Kernels kernels) {
        kernels.add("BatchNormalization", NormalizationKernels::batch);
        kernels.add("InstanceNormalization", NormalizationKernels::instance);
        kernels.add("GroupNormalization", NormalizationKernels::group);
        kernels.add("LRN", NormalizationKernels::local);
        kernels.add("LpNormalization", NormalizationKernels::lp);
        kernels.add("MeanVarianceNormalization", NormalizationKernels::meanVariance);
    }

    private static List<Datum> batch(Call call) {
        Array.Reals x = call.reals(0);
        double[] scale = call.reals(1).values();
        double[] bias = call.reals(2).values();
        double[] inputMean = call.reals(3).values();
        double[] inputVariance = call.reals(4).values();
        double epsilon = call.real("epsilon", 1e-5f);
        int batch = x.rank() == 0 ? 1 : x.shape()[0];
        // Until version 9 statistics could be of each place instead of each channel.
        boolean spatial = call.opset() >= 9 || call.integer("spatial", 1) == 1;
        int channels = scale.length;
        int cells = x.size() / Math.max(batch * channels, 1);
        if ((!spatial && cells != 1) || batch * channels * cells != x.size()) {
            throw call.malformed(channels + " channels for " + Arrays.toString(x.shape()));
        }
        boolean training = training(call);
        double[] mean = training ? new double[channels] : inputMean;
        double[] variance = training ? new double[channels] : inputVariance;
        if (training) {
            double count = batch * cells;
            for (int i = 0; i < x.size(); i++) {
                mean[i / cells % channels] += x.values()[i] / count;
            }
            for (int i = 0; i < x.size(); i++) {
                int c = i / cells % channels;
                variance[c] += (x.values()[i] - mean[c]) * (x.values()[i] - mean[c]) / count;
            }
        }
        double[] y = new double[x.size()];
        Arrays.setAll(y, i -> {
            int c = i / cells % channels;
            return (x.values()[i] - mean[c]) / Math.sqrt(variance[c] + epsilon) * scale[c] + bias[c];
        });
        List<Datum> outputs = new ArrayList<>(List.of(Doubles.datum(x.dtype(), x.shape(), y)));
        if (training) {
            double momentum = call.real("momentum", 0.9f);
            int[] shape = {channels};
            outputs.add(Doubles.datum(call.reals(3).dtype(), shape, running(inputMean, mean, momentum)));
            outputs.add(Doubles.datum(call.reals(4).dtype(), shape, running(inputVariance, variance, momentum)));
            if (call.outputs() > 3) {
                outputs.add(Doubles.datum(call.reals(3).dtype(), shape, mean));
                outputs.add(Doubles.datum(call.reals(4).dtype(), shape, variance));
            }
        }
        return outputs;
    }

    private static boolean training(Call call) {
        if (call.opset() >= 14) {
            return call.integer("training_mode", 0) == 1;
        }
        if (call.opset() < 7 && call.integer("is_test", 0) == 1) {
            return false;
        }
        return call.outputs() > 1;
    }

    private static double[] running(double[] before, double[] now, double momentum) {
        double[] after = new double[before.length];
        Arrays.setAll(after, i -> before[i] * momentum + now[i] * (1 - momentum));
        return after;
    }

    private static List<Datum> instance(Call call) {
        Array.Reals x = call.reals(0);
        double[] scale = call.reals(1).values();
        double[] bias = call.reals(2).values();
        int channels = x.shape()[1];
        int cells = x.size() / Math.max(x.shape()[0] * channels, 1);
        double[] y = Moments.normalized(call, x.values(), cells, call.real("epsilon", 1e-5f));
        for (int i = 0; i < y.length; i++) {
            y[i] = y[i] * scale[i / cells % channels] + bias[i / cells % channels];
        }
        return List.of(Doubles.datum(x.dtype(), x.shape(), y));
    }

    private static List<Datum> group(Call call) {
        Array.Reals x = call.reals(0);
        double[] scale = call.reals(1).values();
        double[] bias = call.reals(2).values();
        int channels = x.shape()[1];
        int groups = Math.toIntExact(call.integer("num_groups"));
        int cells = x.size() / Math.max(x.shape()[0] * channels, 1);
        // Version 18 had a scale for each group, later ones for each channel.
        int shared = call.opset() < 21 ? channels / groups : 1;
        double[] y = Moments.normalized(call, x.values(), cells * (channels / groups), call.real("epsilon", 1e-5f));
        for (int i = 0; i < y.length; i++) {
            int c = i / cells % channels / shared;
            y[i] = y[i] * scale[c] + bias[c];
        }
        return List.of(Doubles.datum(x.dtype(), x.shape(), y));
    }

    /** {@code y = x / (bias + alpha / size * sum of squares over size channels around)^beta}. */
    private static List<Datum> local(Call call) {
        Array.Reals x = call.reals(0);
        int size = Math.toIntExact(call.integer("size"));
        double alpha = call.real("alpha", 1e-4f);
        double beta = call.real("beta", 0.75f);
        double bias = call.real("bias", 1);
        int channels = x.shape()[1];
        int cells = x.size() / Math.max(x.shape()[0] * channels, 1);
        double[] y = new double[x.size()];
        Arrays.setAll(y, i -> {
            int c = i / cells % channels;
            double squares = 0;
            for (int near = Math.max(c - (size - 1) / 2, 0); near <= Math.min(c + size / 2, channels - 1); near++) {
                double value = x.values()[i + (near - c) * cells];
                squares = call.sums().add(squares, value * value);
            }
            return x.values()[i] / StrictMath.pow(bias + alpha / size * squares, beta);
        });
        return List.of(Doubles.datum(x.dtype(), x.shape(), y));
    }

    /** Where the norm is zero, so is the output. */
    private static List<Datum> lp(Call call) {
        Array.Reals x = call.reals(0);
        int axis = Shapes.axis(call, call.integer("axis", -1), x.rank());
        long p = call.integer("p", 2);
        int length = x.shape()[axis];
        int stride = Array.size(Position.behind(x.shape(), axis + 1));
        double[] norms = new double[x.size() / Math.max(length, 1)];
        for (int i = 0; i < x.size(); i++) {
            double value = Math.abs(x.values()[i]);
            int to = lane(i, stride, length);
            norms[to] = call.sums().add(norms[to], p == 1 ? value : value * value);
        }
        double[] y = new double[x.size()];
        Arrays.setAll(y, i -> {
            double sum = norms[lane(i, stride, length)];
            return sum == 0 ? 0 : x.values()[i] / (p == 1 ? sum : Math.sqrt(sum));
        });
        return List.of(Doubles.datum(x.dtype(), x.shape(), y));
    }

    private static int lane(int flat, int stride, int length) {
        return flat / (stride * length) * stride + flat % stride;
    }

    private static List<Datum> meanVariance(Call call) {
        Array.Reals x = call.reals(0);
        List<Long> axes = call.integers("axes").orElse(List.of(0L, 2L, 3L));
        int[] kept = x.shape().clone();
        axes.forEach(axis -> kept[Shapes.axis(call, axis, x.rank())] = 1);
        int[] lane = Position.broadcast(call, kept, x.shape());
        double count = (double) x.size() / Array.size(kept);
        double[] mean = new double[Array.size(kept)];
        double[] variance = new double[mean.length];
        for (int i = 0; i < x.size(); i++) {
            mean[lane[i]] = call.sums().add(mean[lane[i]], x.values()[i] / count);
        }
        for (int i = 0; i < x.size(); i++) {
            double off = x.values()[i] - mean[lane[i]];
            variance[lane[i]] = call.sums().add(variance[lane[i]], off * off / count);
        }
        double[] y = new double[x.size()];
        Arrays.setAll(y, i -> (x.values()[i] - mean[lane[i]]) / (Math.sqrt(variance[lane[i]]) + 1e-9));
        return List.of(Doubles.datum(x.dtype(), x.shape(), y));
    }
}
