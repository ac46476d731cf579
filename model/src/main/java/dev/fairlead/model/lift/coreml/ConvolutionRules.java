package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Convolutions; both formats have the channels first and the same order of a weight's axes. */
final class ConvolutionRules {
    private ConvolutionRules() {}

    static void register(Rules rules) {
        rules.add("conv", ConvolutionRules::conv);
        rules.add("conv_transpose", ConvolutionRules::transposed);
    }

    private static List<Long> kernel(Invocation call) {
        Operand weight = call.get("weight");
        List<Long> shape =
                call.type(weight).shape().orElseThrow(() -> call.unsupported("the shape of the weight is not known"));
        return shape.subList(2, shape.size());
    }

    private static String[] inputs(Invocation call, Emitter out) {
        DType dtype = call.outputDtype();
        String bias = call.has("bias") ? out.as(call.get("bias"), dtype) : "";
        return new String[] {out.of(call.get("x")), out.as(call.get("weight"), dtype), bias};
    }

    private static Map<String, Attribute> attributes(Window window, Invocation call) {
        return Attributes.all(
                Attributes.of("kernel_shape", window.kernel()),
                Attributes.of("strides", window.strides()),
                Attributes.of("dilations", window.dilations()),
                Attributes.of("pads", window.pads()),
                Attributes.of("group", call.integer("groups", 1)));
    }

    private static void conv(Invocation call, Emitter out) {
        out.result("Conv", attributes(Window.of(call, kernel(call)), call), inputs(call, out));
    }

    /**
     * A stated output shape says how much is left at the end of each axis over what the formula gives; where there is none and the
     * padding is {@code same}, the output is the input times the stride.
     */
    private static void transposed(Invocation call, Emitter out) {
        List<Long> kernel = kernel(call);
        boolean isSame = call.text("pad_type", "valid").equals("same");
        Window window = isSame ? same(call, kernel) : Window.of(call, kernel);
        List<Long> extra = new ArrayList<>();
        for (int axis = 0; axis < kernel.size(); axis++) {
            extra.add(
                    call.has("output_shape") ? extra(call, window, axis) : isSame ? sameExtra(call, kernel, axis) : 0L);
        }
        out.result(
                "ConvTranspose",
                Attributes.all(attributes(window, call), Attributes.of("output_padding", extra)),
                inputs(call, out));
    }

    private static Window same(Invocation call, List<Long> kernel) {
        Window bare = new Window(kernel, strides(call, kernel), dilations(call, kernel), List.of(), List.of());
        List<Long> before = new ArrayList<>();
        List<Long> after = new ArrayList<>();
        for (int axis = 0; axis < kernel.size(); axis++) {
            long total = Math.max(0, reach(bare, axis) - bare.strides().get(axis));
            before.add(total / 2);
            after.add(total - total / 2);
        }
        return bare.withPadding(before, after);
    }

    private static long sameExtra(Invocation call, List<Long> kernel, int axis) {
        Window bare = new Window(kernel, strides(call, kernel), dilations(call, kernel), List.of(), List.of());
        return Math.max(0, bare.strides().get(axis) - reach(bare, axis));
    }

    private static long reach(Window window, int axis) {
        return (window.kernel().get(axis) - 1) * window.dilations().get(axis) + 1;
    }

    private static List<Long> strides(Invocation call, List<Long> kernel) {
        return call.optionalIntegers("strides")
                .orElse(kernel.stream().map(k -> 1L).toList());
    }

    private static List<Long> dilations(Invocation call, List<Long> kernel) {
        return call.optionalIntegers("dilations")
                .orElse(kernel.stream().map(k -> 1L).toList());
    }

    private static long extra(Invocation call, Window window, int axis) {
        List<Long> wanted = call.integers("output_shape");
        long size = call.size(call.get("x"), axis + 2)
                .orElseThrow(() -> call.unsupported("the output's shape is stated, but the input's is not known"));
        long formula = (size - 1) * window.strides().get(axis)
                + reach(window, axis)
                - window.before().get(axis)
                - window.after().get(axis);
        long extra = wanted.get(wanted.size() - window.kernel().size() + axis) - formula;
        if (extra < 0) {
            throw call.unsupported("the stated output shape is smaller than the padding makes it");
        }
        return extra;
    }
}
