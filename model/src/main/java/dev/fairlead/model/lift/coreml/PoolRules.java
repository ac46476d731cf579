package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.graph.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Pooling. Where MIL rounds the output's size up, the windows that reach beyond the padding are made whole by more padding:
 * versions of ONNX and of its runtimes do not agree on what their own rounding up divides by.
 */
final class PoolRules {
    private PoolRules() {}

    static void register(Rules rules) {
        rules.add("max_pool", (call, out) -> pool("MaxPool", Attributes.NONE, call, out));
        rules.add("l2_pool", (call, out) -> pool("LpPool", Attributes.of("p", 2), call, out));
        rules.add("avg_pool", PoolRules::average);
    }

    private static void pool(String onnx, Map<String, Attribute> more, Invocation call, Emitter out) {
        Window window = Window.of(call, call.integers("kernel_sizes"));
        Window whole = window.withPadding(window.before(), sum(window.after(), overhang(window, call)));
        out.result(onnx, Attributes.all(attributes(whole), more), out.of(call.get("x")));
    }

    private static Map<String, Attribute> attributes(Window window) {
        return Attributes.all(
                Attributes.of("kernel_shape", window.kernel()),
                Attributes.of("strides", window.strides()),
                Attributes.of("pads", window.pads()));
    }

    /** What rounding up adds counts for no divisor; the padding itself does, unless it is excluded. */
    private static void average(Invocation call, Emitter out) {
        Window window = Window.of(call, call.integers("kernel_sizes"));
        List<Long> overhang = overhang(window, call);
        boolean excluded = call.flag("exclude_padding_from_average", false);
        String x = out.of(call.get("x"));
        if (excluded || !window.isPadded() || overhang.stream().allMatch(pad -> pad == 0)) {
            Window whole = window.withPadding(window.before(), sum(window.after(), overhang));
            boolean counts = !excluded && overhang.stream().allMatch(pad -> pad == 0);
            out.result(
                    "AveragePool",
                    Attributes.all(attributes(whole), Attributes.of("count_include_pad", counts ? 1 : 0)),
                    x);
            return;
        }
        List<Long> pads = new ArrayList<>(List.of(0L, 0L));
        pads.addAll(window.before());
        pads.addAll(List.of(0L, 0L));
        pads.addAll(window.after());
        List<Long> none = window.before().stream().map(pad -> 0L).toList();
        out.result(
                "AveragePool",
                Attributes.all(attributes(window.withPadding(none, overhang)), Attributes.of("count_include_pad", 0)),
                out.inner("Pad", x, out.integers(pads)));
    }

    /** How far the last window of each axis reaches beyond the padded input. */
    private static List<Long> overhang(Window window, Invocation call) {
        List<Long> overhang = new ArrayList<>();
        for (int axis = 0; axis < window.kernel().size(); axis++) {
            overhang.add(call.flag("ceil_mode", false) ? overhang(window, axis, call) : 0L);
        }
        return overhang;
    }

    private static long overhang(Window window, int axis, Invocation call) {
        long size = call.size(call.get("x"), axis + 2)
                .orElseThrow(() -> call.unsupported("the output's size is rounded up from one that is not known"));
        long padded = size + window.before().get(axis) + window.after().get(axis);
        long stride = window.strides().get(axis);
        long kernel = window.kernel().get(axis);
        long count = Math.ceilDiv(padded - kernel, stride) + 1;
        if ((count - 1) * stride >= size + window.before().get(axis)) {
            count--;
        }
        return Math.max(0, (count - 1) * stride + kernel - padded);
    }

    private static List<Long> sum(List<Long> first, List<Long> second) {
        List<Long> sum = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            sum.add(first.get(i) + second.get(i));
        }
        return sum;
    }
}
