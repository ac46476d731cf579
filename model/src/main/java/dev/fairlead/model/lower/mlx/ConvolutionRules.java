package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.lower.mlx.LinearPrimitives.Window;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Convolutions. ONNX has channels second and MLX last, so data are transposed there and back, and weights as well. */
final class ConvolutionRules {
    /** Up to so many products of two 8-bit differences add up exactly in float32. */
    private static final long EXACT = 256;

    private ConvolutionRules() {}

    static void register(Rules rules) {
        rules.add("Conv", (node, mlx) -> {
            Operand x = node.input(0);
            if (!x.isFloating()) {
                throw Refusal.of(
                        "MLX convolves floating types only, not " + x.dtype().text());
            }
            return biased(convolved(node, x, node.input(1), mlx), node.optional(2), mlx);
        });
        rules.add("ConvTranspose", ConvolutionRules::transposed);
        rules.add(
                "ConvInteger",
                (node, mlx) -> integer(node, node.input(0), node.optional(2), node.input(1), node.optional(3), mlx));
    }

    /** Channels stay second in the result. */
    static Operand convolved(Operation node, Operand x, Operand weight, Primitives mlx) {
        List<Long> kernel =
                node.integers("kernel_shape").orElseGet(() -> weight.sizes().subList(2, weight.rank()));
        Padding window = Padding.of(node, x, kernel);
        List<Long> none = Collections.nCopies(kernel.size(), 1L);
        Operand made = grouped(
                mlx.moveAxis(x, 1, x.rank() - 1),
                mlx.moveAxis(weight, 1, weight.rank() - 1),
                new Window(
                        window.strides(),
                        window.low(),
                        window.high(),
                        window.dilations(),
                        none,
                        node.integer("group", 1),
                        false),
                mlx);
        return mlx.moveAxis(made, made.rank() - 1, 1);
    }

    /** MLX' CPU has no groups in three dimensions: there each group is a convolution of its own. */
    private static Operand grouped(Operand x, Operand weight, Window window, Primitives mlx) {
        int channels = x.rank() - 1;
        if (window.strides().size() > 3) {
            throw Refusal.of("a convolution over " + window.strides().size() + " axes");
        }
        if (window.groups() == 1 || window.strides().size() < 3) {
            return mlx.convolution(x, weight, window);
        }
        int groups = Math.toIntExact(window.groups());
        Window single = new Window(
                window.strides(),
                window.low(),
                window.high(),
                window.dilation(),
                window.inputDilation(),
                1,
                window.flip());
        List<Operand> inputs = mlx.split(x, Collections.nCopies(groups, x.fixed(channels) / groups), channels);
        List<Operand> weights = mlx.split(weight, Collections.nCopies(groups, weight.fixed(0) / groups), 0);
        List<Operand> parts = new ArrayList<>();
        for (int i = 0; i < groups; i++) {
            parts.add(mlx.convolution(inputs.get(i), weights.get(i), single));
        }
        return mlx.concatenate(parts, channels);
    }

    private static Operand biased(Operand made, Optional<Operand> bias, Primitives mlx) {
        return bias.map(b -> mlx.add(made, perChannel(b, made.rank(), mlx))).orElse(made);
    }

    /** A vector over the second axis. */
    static Operand perChannel(Operand vector, int rank, Primitives mlx) {
        return rank == 2 ? vector : mlx.expandDims(vector, Shapes.range(1, rank - 1));
    }

    /** A convolution of the input spread by the strides, with the kernel turned around. */
    private static Operand transposed(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        Operand weight = node.input(1);
        int axes = x.rank() - 2;
        long groups = node.integer("group", 1);
        List<Long> kernel = weight.sizes().subList(2, weight.rank());
        List<Long> strides = node.integers("strides").orElseGet(() -> Collections.nCopies(axes, 1L));
        List<Long> dilations = node.integers("dilations").orElseGet(() -> Collections.nCopies(axes, 1L));
        List<Long> more = node.integers("output_padding").orElseGet(() -> Collections.nCopies(axes, 0L));
        List<Long> pads = pads(node, x, kernel, strides, dilations, more);
        List<Long> low = new ArrayList<>();
        List<Long> high = new ArrayList<>();
        for (int i = 0; i < axes; i++) {
            long reach = (kernel.get(i) - 1) * dilations.get(i);
            low.add(reach - pads.get(i));
            high.add(reach - pads.get(i + axes) + more.get(i));
        }
        List<Long> outside = low.stream().map(n -> Math.max(n, 0)).toList();
        List<Long> behind = high.stream().map(n -> Math.max(n, 0)).toList();
        Window window = new Window(Collections.nCopies(axes, 1L), outside, behind, dilations, strides, groups, true);
        Operand made = grouped(mlx.moveAxis(x, 1, x.rank() - 1), outputFirst(weight, groups, mlx), window, mlx);
        for (int i = 0; i < axes; i++) {
            long from = -Math.min(low.get(i), 0);
            long to = -Math.min(high.get(i), 0);
            if (from + to > 0) {
                made = mlx.slice(made, i + 1, from, made.fixed(i + 1) - to);
            }
        }
        return biased(mlx.moveAxis(made, made.rank() - 1, 1), node.optional(2), mlx);
    }

    /** (I, O/groups, spatial…) to (O, spatial…, I/groups). */
    private static Operand outputFirst(Operand weight, long groups, Primitives mlx) {
        int rank = weight.rank();
        List<Expression> apart =
                new ArrayList<>(List.of(Expression.of(groups), Expression.of(weight.fixed(0) / groups)));
        apart.addAll(weight.shape().subList(1, rank));
        List<Integer> order = new ArrayList<>(List.of(0, 2));
        order.addAll(Shapes.range(3, rank + 1));
        order.add(1);
        List<Expression> shape = new ArrayList<>(List.of(Expression.of(weight.fixed(1) * groups)));
        shape.addAll(weight.shape().subList(2, rank));
        shape.add(Expression.of(weight.fixed(0) / groups));
        return mlx.reshape(mlx.transpose(mlx.reshape(weight, apart), order), shape);
    }

    private static List<Long> pads(
            Operation node, Operand x, List<Long> kernel, List<Long> strides, List<Long> dilations, List<Long> more) {
        int axes = kernel.size();
        String auto = node.text("auto_pad", "NOTSET");
        boolean same = auto.startsWith("SAME");
        Optional<List<Long>> shape = node.integers("output_shape");
        if (shape.isEmpty() && !same) {
            return auto.equals("VALID")
                    ? Collections.nCopies(2 * axes, 0L)
                    : node.integers("pads").orElseGet(() -> Collections.nCopies(2 * axes, 0L));
        }
        List<Long> low = new ArrayList<>();
        List<Long> high = new ArrayList<>();
        for (int i = 0; i < axes; i++) {
            long size = x.fixed(i + 2);
            // a shape may have all axes or the spatial ones only
            long wanted = shape.isPresent() ? shape.get().get(shape.get().size() - axes + i) : size * strides.get(i);
            long reach = (kernel.get(i) - 1) * dilations.get(i) + 1;
            long all = strides.get(i) * (size - 1) + more.get(i) + reach - wanted;
            long half = Math.floorDiv(all, 2);
            low.add(auto.equals("SAME_UPPER") ? half : all - half);
            high.add(auto.equals("SAME_UPPER") ? all - half : half);
        }
        low.addAll(high);
        return low;
    }

    /** Exact sums of 8-bit products as int32: in parts along the input channels that float32 adds without rounding. */
    static Operand integer(
            Operation node,
            Operand x,
            Optional<Operand> zero,
            Operand w,
            Optional<Operand> weightZero,
            Primitives mlx) {
        if (node.integer("group", 1) != 1) {
            throw Refusal.of("groups of integer convolutions");
        }
        Operand wide = less(x, zero, 1, mlx);
        Operand weight = less(w, weightZero, w.rank(), mlx);
        long area = weight.sizes().subList(2, weight.rank()).stream().reduce(1L, Math::multiplyExact);
        if (area > EXACT) {
            throw Refusal.of("an integer convolution over " + area + " elements, more than add up exactly in float32");
        }
        long step = EXACT / area;
        long channels = weight.fixed(1);
        Operand sum = null;
        for (long from = 0; from < channels; from += step) {
            long to = Math.min(from + step, channels);
            Operand part = convolved(node, mlx.slice(wide, 1, from, to), mlx.slice(weight, 1, from, to), mlx);
            Operand whole = mlx.cast(part, DType.INT32);
            sum = sum == null ? whole : mlx.add(sum, whole);
        }
        return sum == null ? mlx.cast(convolved(node, wide, weight, mlx), DType.INT32) : sum;
    }

    private static Operand less(Operand x, Optional<Operand> zero, int rank, Primitives mlx) {
        Operand wide = mlx.cast(x, DType.FLOAT32);
        return zero.map(point -> {
                    Operand own = mlx.cast(point, DType.FLOAT32);
                    Operand laid = own.rank() == 1 && rank > 1 && !Shapes.isOne(own.size(0))
                            ? mlx.expandDims(own, Shapes.range(1, rank))
                            : mlx.reshape(own, List.of());
                    return mlx.subtract(wide, laid);
                })
                .orElse(wide);
    }
}
