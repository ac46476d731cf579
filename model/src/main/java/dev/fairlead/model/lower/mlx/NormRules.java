package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Normalisations, after the formulas of ONNX' operator pages. */
final class NormRules {
    private NormRules() {}

    static void register(Rules rules) {
        rules.addAll("BatchNormalization", NormRules::batch);
        rules.add("InstanceNormalization", NormRules::instance);
        rules.addAll("LayerNormalization", NormRules::layer);
        rules.add("GroupNormalization", NormRules::group);
        rules.add("RMSNormalization", NormRules::rootMeanSquare);
        rules.add("LpNormalization", NormRules::lp);
        rules.add("MeanVarianceNormalization", NormRules::meanVariance);
        rules.add("LRN", NormRules::localResponse);
    }

    private static List<Operand> batch(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        double epsilon = node.real("epsilon", 1e-5f);
        if (!node.flag("training_mode", false)) {
            if (node.wants(1)) {
                throw Refusal.of("statistics of a batch as outputs of version " + node.opset());
            }
            return List.of(scaled(x, node.input(3), node.input(4), node, epsilon, mlx));
        }
        List<Integer> axes =
                IntStream.range(0, x.rank()).filter(axis -> axis != 1).boxed().toList();
        Operand mean = mlx.mean(x, axes);
        Operand variance = mlx.mean(mlx.square(mlx.subtract(x, mean)), axes);
        Operand ownMean = mlx.squeeze(mean, axes);
        Operand ownVariance = mlx.squeeze(variance, axes);
        double momentum = node.real("momentum", 0.9f);
        return List.of(
                scaled(x, ownMean, ownVariance, node, epsilon, mlx),
                mixed(node.input(3), ownMean, momentum, mlx),
                mixed(node.input(4), ownVariance, momentum, mlx));
    }

    private static Operand mixed(Operand running, Operand own, double momentum, Primitives mlx) {
        Operand current = mlx.cast(own, running.dtype());
        return mlx.add(mlx.multiply(running, momentum), mlx.multiply(current, 1 - momentum));
    }

    private static Operand scaled(
            Operand x, Operand mean, Operand variance, Operation node, double epsilon, Primitives mlx) {
        int rank = x.rank();
        DType dtype = x.dtype();
        Operand centred = mlx.subtract(x, ConvolutionRules.perChannel(mlx.cast(mean, dtype), rank, mlx));
        Operand deviation = mlx.sqrt(mlx.add(mlx.cast(variance, dtype), epsilon));
        Operand scale = mlx.divide(mlx.cast(node.input(1), dtype), deviation);
        Operand bias = ConvolutionRules.perChannel(mlx.cast(node.input(2), dtype), rank, mlx);
        return mlx.add(mlx.multiply(centred, ConvolutionRules.perChannel(scale, rank, mlx)), bias);
    }

    private static Operand instance(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        Operand normal = normal(x, Shapes.range(2, x.rank()), node.real("epsilon", 1e-5f), mlx)
                .normal();
        Operand scale = ConvolutionRules.perChannel(node.input(1), x.rank(), mlx);
        return mlx.add(mlx.multiply(normal, scale), ConvolutionRules.perChannel(node.input(2), x.rank(), mlx));
    }

    /** Less its mean, over its deviation, with both over axes that are kept. */
    private record Normal(Operand normal, Operand mean, Operand inverse) {}

    private static Normal normal(Operand x, List<Integer> axes, double epsilon, Primitives mlx) {
        Operand mean = mlx.mean(x, axes);
        Operand centred = mlx.subtract(x, mean);
        Operand variance = mlx.mean(mlx.square(centred), axes);
        Operand inverse = mlx.rsqrt(mlx.add(variance, epsilon));
        return new Normal(mlx.multiply(centred, inverse), mean, inverse);
    }

    /** The type in which the statistics are computed: float32 unless said otherwise, but not narrower than the input. */
    private static DType stash(Operation node, Operand x) {
        DType stash = node.type("stash_type", DType.FLOAT32);
        return x.dtype().bits() > stash.bits() ? x.dtype() : stash;
    }

    private static List<Operand> layer(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        int axis = node.axis("axis", -1, x.rank());
        Operand wide = mlx.cast(x, stash(node, x));
        Normal made = normal(wide, Shapes.range(axis, x.rank()), node.real("epsilon", 1e-5f), mlx);
        Operand scaled = mlx.multiply(mlx.cast(made.normal(), x.dtype()), node.input(1));
        Operand y = node.has(2) ? mlx.add(scaled, node.input(2)) : scaled;
        return List.of(y, made.mean(), made.inverse());
    }

    /** From version 21 on scale and bias are per channel, before per group. */
    private static Operand group(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        long groups = node.integer("num_groups");
        List<Expression> apart =
                new ArrayList<>(List.of(x.size(0), Expression.of(groups), Expression.of(x.fixed(1) / groups)));
        apart.addAll(x.shape().subList(2, x.rank()));
        Operand wide = mlx.reshape(mlx.cast(x, stash(node, x)), apart);
        Operand made = normal(wide, Shapes.range(2, wide.rank()), node.real("epsilon", 1e-5f), mlx)
                .normal();
        Operand narrow = mlx.cast(made, x.dtype());
        if (node.opset() < 21) {
            Operand scale = mlx.expandDims(node.input(1), Shapes.range(1, wide.rank() - 1));
            Operand bias = mlx.expandDims(node.input(2), Shapes.range(1, wide.rank() - 1));
            return mlx.reshape(mlx.add(mlx.multiply(narrow, scale), bias), x.shape());
        }
        Operand flat = mlx.reshape(narrow, x.shape());
        Operand scale = ConvolutionRules.perChannel(node.input(1), x.rank(), mlx);
        return mlx.add(mlx.multiply(flat, scale), ConvolutionRules.perChannel(node.input(2), x.rank(), mlx));
    }

    private static Operand rootMeanSquare(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        int axis = node.axis("axis", -1, x.rank());
        Operand wide = mlx.cast(x, stash(node, x));
        Operand square = mlx.mean(mlx.square(wide), Shapes.range(axis, x.rank()));
        Operand normal = mlx.multiply(wide, mlx.rsqrt(mlx.add(square, node.real("epsilon", 1e-5f))));
        Operand scale = node.input(1);
        return mlx.cast(mlx.multiply(mlx.cast(normal, scale.dtype()), scale), x.dtype());
    }

    /** Where the norm is 0 so is the result. */
    private static Operand lp(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        int axis = node.axis("axis", -1, x.rank());
        Operand norm = PoolRules.norm(x, List.of(axis), node.integer("p", 2), mlx);
        Operand safe = mlx.select(mlx.equal(norm, 0), mlx.like(x, 1), norm);
        return mlx.divide(x, safe);
    }

    private static Operand meanVariance(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        List<Integer> axes = node.axes(node.integers("axes").orElse(List.of(0L, 2L, 3L)), x.rank());
        Operand mean = mlx.mean(x, axes);
        Operand variance = mlx.subtract(mlx.mean(mlx.square(x), axes), mlx.square(mean));
        return mlx.divide(mlx.subtract(x, mean), mlx.add(mlx.sqrt(variance), 1e-9));
    }

    /** Squares summed over neighbouring channels: as many windows as channels, in a padded copy. */
    private static Operand localResponse(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        long size = node.integer("size");
        List<Long> low = new ArrayList<>(Collections.nCopies(x.rank(), 0L));
        List<Long> high = new ArrayList<>(low);
        low.set(1, (size - 1) / 2);
        high.set(1, size - 1 - (size - 1) / 2);
        Operand padded = mlx.pad(mlx.square(x), low, high, mlx.like(x, 0));
        List<Expression> shape = new ArrayList<>(x.shape());
        List<Expression> strides = PoolRules.strides(padded.shape());
        shape.add(Expression.of(size));
        List<Expression> window = new ArrayList<>(strides);
        window.add(strides.get(1));
        Operand windows = mlx.asStrided(padded, shape, window, 0);
        Operand sum = mlx.squeeze(mlx.sum(windows, List.of(x.rank())), x.rank());
        Operand base = mlx.add(mlx.multiply(sum, node.real("alpha", 1e-4f) / size), node.real("bias", 1));
        return mlx.divide(x, mlx.power(base, mlx.like(x, node.real("beta", 0.75f))));
    }
}
