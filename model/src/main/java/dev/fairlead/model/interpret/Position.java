package dev.fairlead.model.interpret;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Positions within a shape. */
final class Position {
    private Position() {}

    /** Visits every position in row-major order; the array is the same each time. */
    static void each(int[] shape, Consumer<int[]> visit) {
        int[] position = new int[shape.length];
        for (int left = Array.size(shape); left > 0; left--) {
            visit.accept(position);
            next(position, shape);
        }
    }

    private static void next(int[] position, int[] shape) {
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (++position[axis] < shape[axis]) {
                return;
            }
            position[axis] = 0;
        }
    }

    /** Row-major index of a position. */
    static int flat(int[] position, int[] shape) {
        int flat = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            flat = flat * shape[axis] + position[axis];
        }
        return flat;
    }

    /** For each place in a shape, the row-major index of the place that is broadcast to it. */
    static int[] broadcast(Call call, int[] shape, int[] to) {
        int missing = to.length - shape.length;
        for (int axis = 0; axis < shape.length; axis++) {
            if (missing < 0 || (shape[axis] != 1 && shape[axis] != to[axis + missing])) {
                throw call.malformed(Arrays.toString(shape) + " is not broadcast to " + Arrays.toString(to));
            }
        }
        return Shapes.broadcastIndices(shape, to);
    }

    /** The shape behind the first axes. */
    static int[] behind(int[] shape, int axes) {
        return Arrays.copyOfRange(shape, axes, shape.length);
    }

    /** The shape of the first axes. */
    static int[] before(int[] shape, int axes) {
        return Arrays.copyOf(shape, axes);
    }

    static int[] ints(List<Long> values) {
        return values.stream().mapToInt(Math::toIntExact).toArray();
    }

    static int[] ints(Array.Integers values) {
        return Arrays.stream(values.values()).mapToInt(Math::toIntExact).toArray();
    }

    static int[] filled(int length, int value) {
        int[] all = new int[length];
        Arrays.fill(all, value);
        return all;
    }
}
