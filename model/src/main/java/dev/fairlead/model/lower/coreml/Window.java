package dev.fairlead.model.lower.coreml;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The attributes that convolutions and poolings share, for the axes after batch and channel.
 *
 * @param begin elements added before each axis
 * @param end elements added after
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Window(long[] kernel, long[] strides, long[] dilations, long[] begin, long[] end) {
    /** Reads the attributes; automatic padding needs fixed sizes. */
    static Window of(Call call, Var x, long[] kernel) {
        int axes = kernel.length;
        long[] strides = call.integers("strides").orElseGet(() -> Mil.ones(axes));
        long[] dilations = call.integers("dilations").orElseGet(() -> Mil.ones(axes));
        long[] begin = new long[axes];
        long[] end = new long[axes];
        String automatic = call.text("auto_pad", "NOTSET");
        switch (automatic) {
            case "NOTSET" ->
                call.integers("pads").ifPresent(pads -> {
                    System.arraycopy(pads, 0, begin, 0, axes);
                    System.arraycopy(pads, axes, end, 0, axes);
                });
            case "VALID" -> {}
            case "SAME_UPPER", "SAME_LOWER" -> {
                for (int i = 0; i < axes; i++) {
                    long size = x.size(i + 2);
                    long span = (kernel[i] - 1) * dilations[i] + 1;
                    long total = Math.max(0, (Math.ceilDiv(size, strides[i]) - 1) * strides[i] + span - size);
                    begin[i] = automatic.equals("SAME_UPPER") ? total / 2 : total - total / 2;
                    end[i] = total - begin[i];
                }
            }
            default -> throw Refusals.malformed("auto_pad " + automatic);
        }
        return new Window(kernel, strides, dilations, begin, end);
    }

    int axes() {
        return kernel.length;
    }

    /** MIL's order of padding: begin and end of one axis after the other. */
    long[] pairs() {
        return IntStream.range(0, 2 * axes())
                .mapToLong(i -> i % 2 == 0 ? begin[i / 2] : end[i / 2])
                .toArray();
    }

    boolean isPadded() {
        return Arrays.stream(pairs()).anyMatch(n -> n != 0);
    }

    boolean isDilated() {
        return Arrays.stream(dilations).anyMatch(n -> n != 1);
    }

    /** Elements that a kernel spans on an axis. */
    long span(int axis) {
        return (kernel[axis] - 1) * dilations[axis] + 1;
    }

    /** The size that comes out of one, rounded down. */
    long out(long size, int axis) {
        return Math.floorDiv(size + begin[axis] + end[axis] - span(axis), strides[axis]) + 1;
    }

    /** The window along one axis and nothing along the others. */
    Window only(int axis) {
        return new Window(
                one(kernel, axis, 1),
                one(strides, axis, 1),
                one(dilations, axis, 1),
                one(begin, axis, 0),
                one(end, axis, 0));
    }

    private static long[] one(long[] values, int axis, long otherwise) {
        long[] made = new long[values.length];
        Arrays.fill(made, otherwise);
        made[axis] = values[axis];
        return made;
    }

    Window withPadding(long[] otherBegin, long[] otherEnd) {
        return new Window(kernel, strides, dilations, otherBegin, otherEnd);
    }
}
