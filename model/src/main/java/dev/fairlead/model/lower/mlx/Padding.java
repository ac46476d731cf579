package dev.fairlead.model.lower.mlx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The window of a convolution or a pool, as ONNX' attributes give it, one entry a spatial axis.
 *
 * @param low elements added before the first
 * @param high elements added after the last
 */
record Padding(List<Long> kernel, List<Long> strides, List<Long> dilations, List<Long> low, List<Long> high) {
    static Padding of(Operation node, Operand x, List<Long> kernel) {
        int axes = kernel.size();
        List<Long> strides = node.integers("strides").orElseGet(() -> Collections.nCopies(axes, 1L));
        List<Long> dilations = node.integers("dilations").orElseGet(() -> Collections.nCopies(axes, 1L));
        String auto = node.text("auto_pad", "NOTSET");
        List<Long> low = new ArrayList<>();
        List<Long> high = new ArrayList<>();
        switch (auto) {
            case "NOTSET", "" -> {
                List<Long> pads = node.integers("pads").orElseGet(() -> Collections.nCopies(2 * axes, 0L));
                low.addAll(pads.subList(0, axes));
                high.addAll(pads.subList(axes, 2 * axes));
            }
            case "VALID" -> {
                low.addAll(Collections.nCopies(axes, 0L));
                high.addAll(low);
            }
            case "SAME_UPPER", "SAME_LOWER" -> {
                for (int i = 0; i < axes; i++) {
                    long size = x.fixed(i + 2);
                    long out = Math.ceilDiv(size, strides.get(i));
                    long reach = (kernel.get(i) - 1) * dilations.get(i) + 1;
                    long all = Math.max(0, (out - 1) * strides.get(i) + reach - size);
                    long less = all / 2;
                    low.add(auto.equals("SAME_UPPER") ? less : all - less);
                    high.add(auto.equals("SAME_UPPER") ? all - less : less);
                }
            }
            default -> throw Refusal.of("no automatic padding is called " + auto);
        }
        if (low.stream().anyMatch(n -> n < 0) || high.stream().anyMatch(n -> n < 0)) {
            throw Refusal.of("negative padding");
        }
        return new Padding(kernel, strides, dilations, low, high);
    }

    int axes() {
        return kernel.size();
    }

    /** Elements that a window reaches over. */
    long reach(int axis) {
        return (kernel.get(axis) - 1) * dilations.get(axis) + 1;
    }

    /** Windows along an axis; rounded up, those that would begin in the padding at the end don't count. */
    long windows(int axis, long size, boolean ceil) {
        long room = size + low.get(axis) + high.get(axis) - reach(axis);
        long count = (ceil ? Math.ceilDiv(room, strides.get(axis)) : Math.floorDiv(room, strides.get(axis))) + 1;
        return ceil && (count - 1) * strides.get(axis) >= size + low.get(axis) ? count - 1 : count;
    }
}
