package dev.fairlead.model.interpret;

import java.util.Arrays;
import java.util.List;

/** Pad, by a constant or by the array's own elements. Negative pads cut. */
final class PadKernels {
    private PadKernels() {}

    static void register(Kernels kernels) {
        kernels.add("Pad", PadKernels::pad);
    }

    private static List<Datum> pad(Call call) {
        Array array = call.array(0);
        int rank = array.rank();
        long[] given;
        if (call.opset() < 11) {
            given = call.integers(call.opset() < 2 ? "paddings" : "pads").orElse(List.of()).stream()
                    .mapToLong(Long::longValue)
                    .toArray();
        } else {
            given = call.longs(1);
        }
        int[] axes = call.has(3)
                ? Arrays.stream(call.longs(3))
                        .mapToInt(axis -> Shapes.axis(call, axis, rank))
                        .toArray()
                : Shapes.all(rank);
        if (given.length != 2 * axes.length) {
            throw call.malformed(given.length + " pads for " + axes.length + " axes");
        }
        long[] wanted = Arrays.stream(array.shape()).asLongStream().toArray();
        long[] begins = new long[rank];
        for (int i = 0; i < axes.length; i++) {
            begins[axes[i]] = given[i];
            wanted[axes[i]] += given[i] + given[axes.length + i];
        }
        int[] shape = Shapes.of(call, wanted);
        int[] strides = Shapes.strides(array.shape());
        int[] indices = new int[Array.size(shape)];
        String mode = call.text("mode", "constant");
        for (int axis = 0; axis < rank; axis++) {
            int[] places = places(call, mode, array.shape()[axis], shape[axis], begins[axis]);
            int stride = strides[axis];
            int block = Shapes.size(shape, axis + 1, rank);
            for (int i = 0; i < indices.length; i++) {
                int place = places[i / block % shape[axis]];
                indices[i] = place < 0 || indices[i] < 0 ? -1 : indices[i] + place * stride;
            }
        }
        Array result = Elements.pick(array, shape, indices);
        fill(call, array, result, indices);
        return Elementwise.one(result);
    }

    /** For each place of a padded axis the input's place, or -1 for the constant. */
    private static int[] places(Call call, String mode, int size, int padded, long begin) {
        int[] places = new int[padded];
        for (int i = 0; i < padded; i++) {
            long at = i - begin;
            places[i] = switch (mode) {
                case "constant" -> at < 0 || at >= size ? -1 : (int) at;
                case "edge" -> Math.clamp(at, 0, size - 1);
                case "reflect" -> reflected(at, size);
                case "wrap" -> (int) Math.floorMod(at, (long) size);
                default -> throw call.malformed("attribute mode is " + mode);
            };
        }
        return places;
    }

    /** Mirrored at both ends without repeating them. */
    private static int reflected(long at, int size) {
        if (size == 1) {
            return 0;
        }
        long period = 2L * (size - 1);
        long folded = Math.floorMod(at, period);
        return (int) (folded < size ? folded : period - folded);
    }

    private static void fill(Call call, Array array, Array result, int[] indices) {
        Array value;
        if (call.opset() >= 11) {
            if (!call.has(2)) {
                return;
            }
            value = call.array(2);
        } else {
            value = Array.scalar(call.reals(0).dtype(), call.real("value", 0));
        }
        if (value.size() != 1 || !Elements.alike(array, value)) {
            throw call.malformed("the padding value is no single element of the input's type");
        }
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0) {
                Elements.copy(value, 0, result, i);
            }
        }
    }
}
