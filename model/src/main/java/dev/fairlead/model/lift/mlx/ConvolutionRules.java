package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Convolution: MLX has channels last and weights (O, spatial…, I/groups); ONNX has channels second in both. */
final class ConvolutionRules {
    private ConvolutionRules() {}

    static void register(Rules rules) {
        rules.add("Convolution", 7, 2, ConvolutionRules::convolution);
    }

    /** The primitive's state. A flipped kernel makes the correlation a convolution. */
    private record State(
            List<Long> strides,
            List<Long> low,
            List<Long> high,
            List<Long> dilation,
            List<Long> inputDilation,
            long groups,
            boolean flip) {
        static State of(MlxNode node) {
            return new State(
                    node.integers(0),
                    node.integers(1),
                    node.integers(2),
                    node.integers(3),
                    node.integers(4),
                    node.integer(5),
                    node.flag(6));
        }
    }

    private static void convolution(MlxNode node, Emitter out) {
        State state = State.of(node);
        MlxValue value = node.input(0);
        int rank = value.rank();
        // ONNX has no convolution of bfloat16 in this operator set; in float32 it is rounded once.
        DType wide = node.output().dtype() == DType.BFLOAT16
                ? DType.FLOAT32
                : node.output().dtype();
        List<Integer> channelsSecond = new ArrayList<>(List.of(0, rank - 1));
        List<Integer> channelsLast = new ArrayList<>(List.of(0));
        for (int axis = 1; axis < rank - 1; axis++) {
            channelsSecond.add(axis);
            channelsLast.add(axis + 1);
        }
        channelsLast.add(1);
        String x = out.cast(out.permuted(value, channelsSecond), value.dtype(), wide);
        boolean dilated = state.inputDilation().stream().anyMatch(dilation -> dilation != 1);
        String y = dilated && isTransposed(node, state)
                ? transposed(node, state, x, wide, out)
                : plain(node, state, dilated ? spread(value, state, x, wide, out) : x, channelsSecond, wide, out);
        out.narrowed(node.output(), wide, "Transpose", Attributes.of("perm", channelsLast), y);
    }

    private static String plain(MlxNode node, State state, String x, List<Integer> order, DType wide, Emitter out) {
        List<Long> pads = new ArrayList<>(state.low());
        pads.addAll(state.high());
        if (pads.stream().anyMatch(pad -> pad < 0)) {
            throw new ModelException(
                    ErrorCode.UNSUPPORTED,
                    node.file(),
                    node.path() + ".arguments[1]",
                    "a negative padding cannot be converted");
        }
        Map<String, Attribute> attributes = Map.of(
                "strides", Attributes.ints(state.strides()),
                "pads", Attributes.ints(pads),
                "dilations", Attributes.ints(state.dilation()),
                "group", new Attribute.Int(state.groups()));
        String w = out.permuted(node.input(1), order);
        String kernel = state.flip() ? flipped(w, order.size(), out) : w;
        return out.inner("Conv", attributes, x, out.cast(kernel, node.input(1).dtype(), wide));
    }

    /** Zeros between the elements: each gets an axis of its own, which is padded, merged and cut at its end. */
    private static String spread(MlxValue value, State state, String x, DType dtype, Emitter out) {
        int count = value.rank() - 2;
        List<Integer> axes = new ArrayList<>();
        List<Long> begin = new ArrayList<>(List.of(0L, 0L));
        List<Long> end = new ArrayList<>(List.of(0L, 0L));
        List<Expression> merged =
                new ArrayList<>(List.of(value.shape().getFirst(), value.shape().getLast()));
        List<Expression> cut = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long dilation = state.inputDilation().get(i);
            axes.add(2 * i + 3);
            begin.addAll(List.of(0L, 0L));
            end.addAll(List.of(0L, dilation - 1));
            Expression size = value.shape().get(i + 1).times(Expression.of(dilation));
            merged.add(size);
            cut.add(size.plus(Expression.of(1 - dilation)));
        }
        begin.addAll(end);
        String apart = out.inner("Unsqueeze", x, out.integers(axes));
        String padded = out.inner("Pad", apart, out.integers(begin), out.scalar(dtype, 0));
        String joined = out.inner("Reshape", padded, ShapeRules.target(merged, out));
        List<Integer> spatial = IntStream.range(2, count + 2).boxed().toList();
        String zeros = out.integers(spatial.stream().map(axis -> 0).toList());
        return out.inner("Slice", joined, zeros, out.shape(cut), out.integers(spatial));
    }

    /** Whether the dilated input is that of ONNX's ConvTranspose: no stride, and paddings that one can have. */
    private static boolean isTransposed(MlxNode node, State state) {
        List<Long> low = cropped(node, state, state.low());
        List<Long> high = cropped(node, state, state.high());
        return state.strides().stream().allMatch(stride -> stride == 1)
                && low.stream().allMatch(pad -> pad >= 0)
                && IntStream.range(0, high.size())
                        .allMatch(i -> -high.get(i) < state.inputDilation().get(i));
    }

    /** What ConvTranspose cuts off where the convolution pads. */
    private static List<Long> cropped(MlxNode node, State state, List<Long> padding) {
        List<Long> cropped = new ArrayList<>();
        for (int i = 0; i < padding.size(); i++) {
            long kernel = node.input(1).shape().get(i + 1).constant().orElseThrow();
            cropped.add(state.dilation().get(i) * (kernel - 1) - padding.get(i));
        }
        return cropped;
    }

    private static String transposed(MlxNode node, State state, String x, DType wide, Emitter out) {
        List<Long> low = cropped(node, state, state.low());
        List<Long> high = cropped(node, state, state.high());
        List<Long> pads = new ArrayList<>(low);
        high.forEach(pad -> pads.add(Math.max(pad, 0)));
        TreeMap<String, Attribute> attributes = new TreeMap<>(Map.of(
                "strides", Attributes.ints(state.inputDilation()),
                "pads", Attributes.ints(pads),
                "output_padding",
                        Attributes.ints(
                                high.stream().map(pad -> Math.max(-pad, 0)).toList()),
                "dilations", Attributes.ints(state.dilation()),
                "group", new Attribute.Int(state.groups())));
        MlxValue weight = node.input(1);
        int rank = weight.rank();
        String w = state.groups() == 1 ? out.permuted(weight, inputsFirst(rank)) : grouped(weight, state, out);
        // ONNX's is the convolution; MLX's without the flip is the correlation.
        String kernel = state.flip() ? w : flipped(w, rank, out);
        return out.inner("ConvTranspose", attributes, x, out.cast(kernel, weight.dtype(), wide));
    }

    private static List<Integer> inputsFirst(int rank) {
        List<Integer> order = new ArrayList<>(List.of(rank - 1, 0));
        IntStream.range(1, rank - 1).forEach(order::add);
        return order;
    }

    /** (g·O, spatial…, I) to (g·I, O, spatial…). */
    private static String grouped(MlxValue weight, State state, Emitter out) {
        int rank = weight.rank();
        List<Long> shape = weight.fixedShape().orElseThrow();
        long outputs = shape.getFirst() / state.groups();
        List<Long> apart = new ArrayList<>(List.of(state.groups(), outputs));
        apart.addAll(shape.subList(1, rank));
        List<Integer> order = new ArrayList<>(List.of(0, rank, 1));
        IntStream.range(2, rank).forEach(order::add);
        List<Long> together = new ArrayList<>(List.of(state.groups() * shape.getLast(), outputs));
        together.addAll(shape.subList(1, rank - 1));
        String split = out.inner("Reshape", out.of(weight), out.integers(apart));
        String moved = out.inner("Transpose", Attributes.of("perm", order), split);
        return out.inner("Reshape", moved, out.integers(together));
    }

    /** The spatial axes, from the third on, backwards. */
    private static String flipped(String kernel, int rank, Emitter out) {
        List<Integer> axes = IntStream.range(2, rank).boxed().toList();
        String last = out.integers(axes.stream().map(axis -> -1).toList());
        String before = out.integers(axes.stream().map(axis -> Long.MIN_VALUE).toList());
        return out.inner("Slice", kernel, last, before, out.integers(axes), last);
    }
}
