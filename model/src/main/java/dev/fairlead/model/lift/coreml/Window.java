package dev.fairlead.model.lift.coreml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * How a kernel moves over spatial axes.
 *
 * @param before padding at the beginning of each axis
 * @param after padding at its end
 */
record Window(List<Long> kernel, List<Long> strides, List<Long> dilations, List<Long> before, List<Long> after) {
    /** Reads strides, dilations and padding of a convolution or a pooling. */
    static Window of(Invocation call, List<Long> kernel) {
        int spatial = kernel.size();
        List<Long> ones = LongStream.generate(() -> 1).limit(spatial).boxed().toList();
        List<Long> strides = call.optionalIntegers("strides").orElse(ones);
        List<Long> dilations = call.optionalIntegers("dilations").orElse(ones);
        List<Long> before = new ArrayList<>();
        List<Long> after = new ArrayList<>();
        String type = call.text("pad_type", "valid");
        for (int axis = 0; axis < spatial; axis++) {
            switch (type) {
                case "valid" -> {
                    before.add(0L);
                    after.add(0L);
                }
                case "custom" -> {
                    List<Long> pads = call.integers("pad");
                    before.add(pads.get(2 * axis));
                    after.add(pads.get(2 * axis + 1));
                }
                case "same", "same_lower" -> {
                    long reach = (kernel.get(axis) - 1) * dilations.get(axis) + 1;
                    long total = Math.max(0, total(call, axis, strides.get(axis), reach));
                    before.add(type.equals("same") ? total / 2 : total - total / 2);
                    after.add(type.equals("same") ? total - total / 2 : total / 2);
                }
                default -> throw call.malformed("pad_type", type + " is no way to pad");
            }
        }
        return new Window(kernel, strides, dilations, before, after);
    }

    /** So much padding that the output has {@code ceil(input / stride)} elements. */
    private static long total(Invocation call, int axis, long stride, long reach) {
        Optional<Long> size = call.size(call.get("x"), axis + 2);
        if (size.isEmpty() && stride == 1) {
            return reach - 1;
        }
        long known = size.orElseThrow(() -> call.unsupported("the padding depends on a size that is not known"));
        return (Math.ceilDiv(known, stride) - 1) * stride + reach - known;
    }

    /** ONNX' order: all beginnings, then all ends. */
    List<Long> pads() {
        List<Long> pads = new ArrayList<>(before);
        pads.addAll(after);
        return pads;
    }

    boolean isPadded() {
        return pads().stream().anyMatch(pad -> pad != 0);
    }

    Window withPadding(List<Long> newBefore, List<Long> newAfter) {
        return new Window(kernel, strides, dilations, newBefore, newAfter);
    }
}
