package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.graph.Dim;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Normalisations. MIL's own operations are used where their parameters are constants, arithmetic where they are computed. */
final class NormalizationRules {
    private NormalizationRules() {}

    static void register(Rules rules) {
        rules.add("BatchNormalization", NormalizationRules::batch);
        rules.add("InstanceNormalization", NormalizationRules::instance);
        rules.add("LayerNormalization", NormalizationRules::layer);
        rules.add("GroupNormalization", NormalizationRules::group);
        rules.add("RMSNormalization", NormalizationRules::rootMeanSquare);
        rules.add("LRN", NormalizationRules::localResponse);
        rules.add("LpNormalization", NormalizationRules::lp);
        rules.add("MeanVarianceNormalization", NormalizationRules::meanVariance);
    }

    private static boolean constant(Mil mil, Var... values) {
        return Arrays.stream(values).allMatch(value -> mil.content(value).isPresent());
    }

    private static void batch(Call call, Mil mil) {
        Var x = call.in(0);
        double epsilon = call.real("epsilon", 1e-5);
        if (call.isSet("training_mode")) {
            batchInTraining(call, x, epsilon, mil);
            return;
        }
        if (call.wants(1)) {
            throw Refusals.unsupported("statistics of a batch outside training");
        }
        Var scale = call.in(1);
        Var bias = call.in(2);
        Var mean = call.in(3);
        Var variance = call.in(4);
        if (constant(mil, scale, bias, mean, variance) && x.rank() >= 3 && x.rank() <= 5) {
            call.result(mil.out.write(
                    "batch_norm",
                    Map.of(
                            "x",
                            x,
                            "gamma",
                            scale,
                            "beta",
                            bias,
                            "mean",
                            mean,
                            "variance",
                            variance,
                            "epsilon",
                            mil.like(x, epsilon)),
                    x.element(),
                    x.shape()));
            return;
        }
        Var centered = mil.sub(x, channels(mean, x, mil));
        call.result(affine(centered, channels(variance, x, mil), epsilon, scale, bias, x, mil));
    }

    private static Var channels(Var vector, Var x, Mil mil) {
        return ConvolutionRules.perChannel(vector, x.rank(), mil);
    }

    private static Var affine(Var centered, Var variance, double epsilon, Var scale, Var bias, Var x, Mil mil) {
        Var normal = mil.div(centered, mil.sqrt(mil.add(variance, mil.like(x, epsilon))));
        return mil.add(mil.mul(normal, channels(scale, x, mil)), channels(bias, x, mil));
    }

    private static void batchInTraining(Call call, Var x, double epsilon, Mil mil) {
        int[] axes = IntStream.range(0, x.rank()).filter(i -> i != 1).toArray();
        Var mean = mil.mean(x, axes);
        Var centered = mil.sub(x, mean);
        Var variance = mil.mean(mil.square(centered), axes);
        call.result(0, affine(centered, variance, epsilon, call.in(1), call.in(2), x, mil), call.declared(0));
        double momentum = call.real("momentum", 0.9);
        if (call.wants(1)) {
            call.result(1, blended(call.in(3), mil.squeeze(mean, axes), momentum, mil), call.declared(3));
        }
        if (call.wants(2)) {
            call.result(2, blended(call.in(4), mil.squeeze(variance, axes), momentum, mil), call.declared(4));
        }
    }

    private static Var blended(Var before, Var now, double momentum, Mil mil) {
        return mil.add(mil.mul(before, mil.like(before, momentum)), mil.mul(now, mil.like(now, 1 - momentum)));
    }

    private static void instance(Call call, Mil mil) {
        Var x = call.in(0);
        Var scale = call.in(1);
        Var bias = call.in(2);
        double epsilon = call.real("epsilon", 1e-5);
        if (constant(mil, scale, bias) && (x.rank() == 3 || x.rank() == 4)) {
            call.result(mil.out.write(
                    "instance_norm",
                    Map.of("x", x, "gamma", scale, "beta", bias, "epsilon", mil.like(x, epsilon)),
                    x.element(),
                    x.shape()));
            return;
        }
        int[] axes = Arithmetic.axes(2, x.rank());
        Var centered = mil.sub(x, mil.mean(x, axes));
        call.result(affine(centered, mil.mean(mil.square(centered), axes), epsilon, scale, bias, x, mil));
    }

    private static void layer(Call call, Mil mil) {
        Var x = call.in(0);
        Var scale = call.in(1);
        double epsilon = call.real("epsilon", 1e-5);
        int axis = x.axis(call.integer("axis", -1));
        int[] axes = Arithmetic.axes(axis, x.rank());
        List<Dim> row = x.shape().subList(axis, x.rank());
        boolean plain = constant(mil, scale)
                && scale.shape().equals(row)
                && (!call.has(2)
                        || (constant(mil, call.in(2)) && call.in(2).shape().equals(row)));
        if (plain && !call.wants(1) && !call.wants(2)) {
            Map<String, Var> inputs = new TreeMap<>(Map.of(
                    "x",
                    x,
                    "axes",
                    mil.ints(Arrays.stream(axes).asLongStream().toArray()),
                    "gamma",
                    scale,
                    "epsilon",
                    mil.like(x, epsilon)));
            call.optional(2).ifPresent(bias -> inputs.put("beta", bias));
            call.result(mil.out.write("layer_norm", inputs, x.element(), x.shape()));
            return;
        }
        Var mean = mil.mean(x, axes);
        Var centered = mil.sub(x, mean);
        Var variance = mil.mean(mil.square(centered), axes);
        Var inverse = mil.div(mil.like(x, 1), mil.sqrt(mil.add(variance, mil.like(x, epsilon))));
        Var made = mil.mul(mil.mul(centered, inverse), scale);
        call.result(0, call.has(2) ? mil.add(made, call.in(2)) : made, call.declared(0));
        call.result(1, mean, call.declared(0));
        call.result(2, inverse, call.declared(0));
    }

    /** Before opset 21 scale and bias are one a group, since then one a channel. */
    private static void group(Call call, Mil mil) {
        Var x = call.in(0);
        long groups = call.integer("num_groups");
        double epsilon = call.real("epsilon", 1e-5);
        long[] sizes = x.sizes();
        Var rows = mil.reshape(x, sizes[0], groups, x.elements() / sizes[0] / groups);
        Var centered = mil.sub(rows, mil.mean(rows, 2));
        Var variance = mil.mean(mil.square(centered), 2);
        Var normal = mil.div(centered, mil.sqrt(mil.add(variance, mil.like(x, epsilon))));
        Var scale = call.in(1);
        Var bias = call.in(2);
        if (scale.size(0) == sizes[1]) {
            Var back = mil.reshape(normal, sizes);
            call.result(mil.add(mil.mul(back, channels(scale, x, mil)), channels(bias, x, mil)));
        } else {
            Var made = mil.add(mil.mul(normal, mil.expandDims(scale, 1)), mil.expandDims(bias, 1));
            call.result(mil.reshape(made, sizes));
        }
    }

    private static void rootMeanSquare(Call call, Mil mil) {
        Var x = call.in(0);
        int axis = x.axis(call.integer("axis", -1));
        call.result(
                mil.mul(normalized(x, Arithmetic.axes(axis, x.rank()), call.real("epsilon", 1e-5), mil), call.in(1)));
    }

    /** x / √(mean(x²) + ε). */
    static Var normalized(Var x, int[] axes, double epsilon, Mil mil) {
        Var mean = mil.mean(mil.square(x), axes);
        return mil.div(x, mil.sqrt(mil.add(mean, mil.like(x, epsilon))));
    }

    private static void localResponse(Call call, Mil mil) {
        Var x = call.in(0);
        long size = call.integer("size");
        if (size % 2 == 0 || x.rank() > 4 || x.rank() < 3) {
            throw Refusals.unsupported("a window of " + size + " channels of a tensor of rank " + x.rank());
        }
        call.result(mil.out.write(
                "local_response_norm",
                Map.of(
                        "x", x,
                        "size", mil.integer(size),
                        "alpha", mil.like(x, call.real("alpha", 1e-4)),
                        "beta", mil.like(x, call.real("beta", 0.75)),
                        "k", mil.like(x, call.real("bias", 1))),
                x.element(),
                x.shape()));
    }

    /** A row of zeros stays one. */
    private static void lp(Call call, Mil mil) {
        Var x = call.in(0);
        int axis = x.axis(call.integer("axis", -1));
        Var norm = call.integer("p", 2) == 1 ? mil.sum(mil.abs(x), axis) : mil.sqrt(mil.sum(mil.square(x), axis));
        Var zero = mil.like(x, 0);
        Var safe = mil.select(mil.equal(norm, zero), mil.like(x, 1), norm);
        call.result(mil.div(x, safe));
    }

    private static void meanVariance(Call call, Mil mil) {
        Var x = call.in(0);
        int[] axes = call.integers("axes")
                .map(given ->
                        Arrays.stream(given).mapToInt(axis -> x.axis(axis)).toArray())
                .orElseGet(() -> new int[] {0, 2, 3});
        Var centered = mil.sub(x, mil.mean(x, axes));
        Var deviation = mil.sqrt(mil.mean(mil.square(centered), axes));
        call.result(mil.div(centered, mil.add(deviation, mil.like(x, 1e-9))));
    }
}
