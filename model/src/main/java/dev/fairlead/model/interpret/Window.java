package dev.fairlead.model.interpret;

import java.util.Arrays;

/**
 * How a kernel slides over the spatial axes of its input, after the pages of Conv and MaxPool.
 *
 * @param begin cells of padding before each axis
 * @param end cells of padding behind each axis
 * @param output number of places of the kernel along each axis
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares windows
record Window(int[] input, int[] kernel, int[] strides, int[] dilations, int[] begin, int[] end, int[] output) {
    /** How many places the kernel has where it does not fit a whole number of times. */
    enum Places {
        FLOOR,
        /** One more, unless it would begin in the padding behind the input. */
        CEILING
    }

    static Window of(Call call, int[] input, int[] kernel, Places places) {
        int rank = input.length;
        if (kernel.length != rank) {
            throw call.malformed("a kernel of " + kernel.length + " axes for " + rank + " spatial axes");
        }
        int[] strides = list(call, "strides", rank, 1);
        int[] dilations = list(call, "dilations", rank, 1);
        int[] pads = list(call, "pads", 2 * rank, 0);
        int[] begin = Arrays.copyOf(pads, rank);
        int[] end = Arrays.copyOfRange(pads, rank, 2 * rank);
        int[] output = new int[rank];
        String auto = call.text("auto_pad", "NOTSET");
        for (int axis = 0; axis < rank; axis++) {
            int reach = (kernel[axis] - 1) * dilations[axis] + 1;
            switch (auto) {
                case "NOTSET" -> {}
                case "VALID" -> {
                    begin[axis] = 0;
                    end[axis] = 0;
                }
                case "SAME_UPPER", "SAME_LOWER" -> {
                    int wanted = Math.ceilDiv(input[axis], strides[axis]);
                    int total = Math.max((wanted - 1) * strides[axis] + reach - input[axis], 0);
                    begin[axis] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
                    end[axis] = total - begin[axis];
                }
                default -> throw call.malformed("auto_pad " + auto);
            }
            int room = input[axis] + begin[axis] + end[axis] - reach;
            output[axis] = 1 + Math.floorDiv(room, strides[axis]);
            if (places == Places.CEILING && auto.equals("NOTSET")) {
                output[axis] = 1 + Math.ceilDiv(room, strides[axis]);
                if ((output[axis] - 1) * strides[axis] >= input[axis] + begin[axis]) {
                    output[axis]--;
                }
            }
            if (output[axis] < 0) {
                throw call.malformed("the kernel is larger than its input");
            }
        }
        return new Window(input, kernel, strides, dilations, begin, end, output);
    }

    private static int[] list(Call call, String name, int length, int otherwise) {
        int[] values = call.integers(name).map(Position::ints).orElseGet(() -> Position.filled(length, otherwise));
        if (values.length != length) {
            throw call.malformed("attribute " + name + " has " + values.length + " numbers instead of " + length);
        }
        return values;
    }

    /** Cells of the kernel. */
    int cells() {
        return Array.size(kernel);
    }

    /** Row-major place in the input under each cell of the kernel, or -1 in the padding. */
    int[] under(int[] place) {
        int[] under = new int[cells()];
        int[] next = {0};
        Position.each(kernel, cell -> {
            int flat = 0;
            for (int axis = 0; axis < input.length; axis++) {
                int at = at(axis, place, cell);
                flat = flat < 0 || at < 0 || at >= input[axis] ? -1 : flat * input[axis] + at;
            }
            under[next[0]++] = flat;
        });
        return under;
    }

    /** How many cells of the kernel lie in the input or its padding. */
    int withPadding(int[] place) {
        int[] count = {0};
        Position.each(kernel, cell -> {
            boolean within = true;
            for (int axis = 0; axis < input.length; axis++) {
                int at = at(axis, place, cell);
                within &= at >= -begin[axis] && at < input[axis] + end[axis];
            }
            count[0] += within ? 1 : 0;
        });
        return count[0];
    }

    int at(int axis, int[] place, int[] cell) {
        return place[axis] * strides[axis] - begin[axis] + cell[axis] * dilations[axis];
    }
}
