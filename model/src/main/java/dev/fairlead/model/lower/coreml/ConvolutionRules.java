package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.graph.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Convolutions and their transposes, over one to three axes. */
final class ConvolutionRules {
    private ConvolutionRules() {}

    static void register(Rules rules) {
        rules.add("Conv", ConvolutionRules::convolution);
        rules.add("ConvTranspose", ConvolutionRules::transposed);
        rules.add("CausalConvWithState", ConvolutionRules::causal);
    }

    private static void convolution(Call call, Mil mil) {
        Var x = call.in(0);
        Var weight = call.in(1);
        long[] kernel = Arrays.copyOfRange(weight.sizes(), 2, weight.rank());
        Window window = Window.of(call, x, kernel);
        if (window.isDilated()) {
            call.constant(1, "weight, for MIL dilates constant ones only");
        }
        call.result(convolution(x, weight, call.optional(2), window, call.integer("group", 1), mil));
    }

    static Var convolution(Var x, Var weight, Optional<Var> bias, Window window, long groups, Mil mil) {
        if (window.axes() > 3) {
            throw Refusals.unsupported("a convolution over " + window.axes() + " axes");
        }
        List<Dim> shape =
                new ArrayList<>(List.of(x.shape().get(0), weight.shape().get(0)));
        for (int i = 0; i < window.axes(); i++) {
            shape.add(
                    x.shape().get(i + 2) instanceof Dim.Fixed(long size)
                            ? new Dim.Fixed(window.out(size, i))
                            : new Dim.Unknown());
        }
        Map<String, Var> inputs = parameters(x, weight, window, groups, mil);
        Var after = null;
        if (bias.isPresent() && mil.content(bias.get()).isPresent()) {
            inputs.put("bias", bias.get());
        } else if (bias.isPresent()) {
            after = bias.get();
        }
        Var made = mil.out.write("conv", inputs, x.element(), shape);
        return after == null ? made : mil.add(made, perChannel(after, x.rank(), mil));
    }

    /** A vector over channels, shaped to be broadcast. */
    static Var perChannel(Var vector, int rank, Mil mil) {
        return mil.expandDims(vector, Arithmetic.axes(1, rank - 1));
    }

    private static Map<String, Var> parameters(Var x, Var weight, Window window, long groups, Mil mil) {
        Map<String, Var> inputs = new TreeMap<>();
        inputs.put("x", x);
        inputs.put("weight", weight);
        inputs.put("strides", mil.ints(window.strides()));
        inputs.put("dilations", mil.ints(window.dilations()));
        inputs.put("groups", mil.integer(groups));
        inputs.put("pad_type", mil.text(window.isPadded() ? "custom" : "valid"));
        inputs.put("pad", mil.ints(window.pairs()));
        return inputs;
    }

    /** Written without MIL's output_shape: the whole product is made, then cut or padded to ONNX' size. */
    private static void transposed(Call call, Mil mil) {
        Var x = call.in(0);
        Var weight = call.in(1);
        if (mil.content(weight).isEmpty()) {
            mil.out.need(CoremlModel.IOS_17, "a transposed convolution with computed weights");
        }
        long[] kernel = Arrays.copyOfRange(weight.sizes(), 2, weight.rank());
        int axes = kernel.length;
        long groups = call.integer("group", 1);
        long[] strides = call.integers("strides").orElseGet(() -> Mil.ones(axes));
        long[] dilations = call.integers("dilations").orElseGet(() -> Mil.ones(axes));
        long[] extra = call.integers("output_padding").orElseGet(() -> new long[axes]);
        long[] begin = new long[axes];
        long[] end = new long[axes];
        List<Dim> shape = new ArrayList<>(List.of(x.shape().get(0), new Dim.Fixed(weight.size(1) * groups)));
        long[] full = new long[axes];
        for (int i = 0; i < axes; i++) {
            full[i] = (x.size(i + 2) - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1;
            shape.add(new Dim.Fixed(full[i]));
        }
        borders(call, x, full, strides, extra, begin, end);
        Window window = new Window(kernel, strides, dilations, new long[axes], new long[axes]);
        Var made = mil.out.write("conv_transpose", parameters(x, weight, window, groups, mil), x.element(), shape);
        for (int i = 0; i < axes; i++) {
            made = trimmed(made, i + 2, begin[i], end[i], mil);
        }
        if (call.has(2)) {
            made = mil.add(made, perChannel(call.in(2), x.rank(), mil));
        }
        call.result(made);
    }

    private static Var trimmed(Var x, int axis, long begin, long end, Mil mil) {
        long size = x.size(axis);
        Var cut = mil.slice(x, axis, Math.max(begin, 0), size - Math.max(end, 0));
        long[] before = new long[x.rank()];
        long[] after = new long[x.rank()];
        before[axis] = Math.max(-begin, 0);
        after[axis] = Math.max(-end, 0);
        return mil.pad(cut, before, after, 0);
    }

    /** What is cut off the whole product on both sides; negative where zeros are added. */
    private static void borders(Call call, Var x, long[] full, long[] strides, long[] extra, long[] begin, long[] end) {
        int axes = full.length;
        Optional<long[]> wanted = call.integers("output_shape");
        String automatic = call.text("auto_pad", "NOTSET");
        boolean same = automatic.startsWith("SAME");
        for (int i = 0; i < axes; i++) {
            if (wanted.isPresent() || same) {
                long size =
                        wanted.isPresent() ? wanted.get()[wanted.get().length - axes + i] : x.size(i + 2) * strides[i];
                // A size beyond the whole product grows at the end only.
                long total = Math.max(0, full[i] + extra[i] - size);
                begin[i] = automatic.equals("SAME_UPPER") ? total / 2 : total - total / 2;
                end[i] = full[i] - begin[i] - size;
            } else {
                long[] pads = call.integers("pads").orElseGet(() -> new long[2 * axes]);
                begin[i] = pads[i];
                end[i] = pads[i + axes] - extra[i];
            }
        }
    }

    /** A depthwise convolution over what came before, kept as a state, and the new elements. */
    private static void causal(Call call, Mil mil) {
        Var x = call.in(0);
        Var weight = call.in(1);
        long before = weight.size(2) - 1;
        long channels = x.size(1);
        Var whole = x;
        if (before > 0) {
            whole = call.has(3)
                    ? mil.concat(List.of(call.in(3), x), 2)
                    : mil.pad(x, new long[] {0, 0, before}, new long[3], 0);
        }
        Window window = new Window(new long[] {before + 1}, Mil.ones(1), Mil.ones(1), new long[1], new long[1]);
        Var made = convolution(whole, weight, call.optional(2), window, channels, mil);
        switch (call.text("activation", "none")) {
            case "silu", "swish" -> made = mil.mul(made, mil.unary("sigmoid", made));
            case "none" -> {}
            default -> throw Refusals.malformed("an unknown activation");
        }
        call.result(0, made, call.declared(0));
        if (call.wants(1)) {
            long size = whole.size(2);
            call.result(1, mil.slice(whole, 2, size - before, size), call.declared(0));
        }
    }
}
