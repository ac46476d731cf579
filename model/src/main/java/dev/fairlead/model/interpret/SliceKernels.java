package dev.fairlead.model.interpret;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Parts of arrays, and arrays put together. */
final class SliceKernels {
    private SliceKernels() {}

    static void register(Kernels kernels) {
        kernels.add("Concat", call -> {
            long axis = call.opset() < 4 ? call.integer("axis", 1) : call.integer("axis");
            int rank = call.array(0).rank();
            return Elementwise.one(Elements.concat(call, call.arrays(), Shapes.axis(call, axis, rank)));
        });
        kernels.add("Split", SliceKernels::split);
        kernels.add("Slice", SliceKernels::slice);
        kernels.add("Compress", SliceKernels::compress);
        kernels.add("Trilu", SliceKernels::triangle);
        kernels.add("ReverseSequence", SliceKernels::reverseSequence);
    }

    private static List<Datum> split(Call call) {
        Array array = call.array(0);
        int axis = Shapes.axis(call, call.integer("axis", 0), array.rank());
        int size = array.shape()[axis];
        List<Long> given = call.integers("split")
                .orElseGet(
                        () -> call.has(1) ? Arrays.stream(call.longs(1)).boxed().toList() : List.of());
        int[] parts;
        if (given.isEmpty()) {
            int count = (int) call.integer("num_outputs", call.outputs());
            int each = Math.ceilDiv(size, count);
            parts = new int[count];
            Arrays.setAll(parts, i -> Math.max(0, Math.min(each, size - i * each)));
        } else {
            parts = Shapes.of(call, given.stream().mapToLong(Long::longValue).toArray());
        }
        if (Arrays.stream(parts).sum() != size) {
            throw call.malformed("parts " + Arrays.toString(parts) + " do not sum to " + size);
        }
        List<Datum> results = new ArrayList<>();
        int at = 0;
        for (int part : parts) {
            results.add(Datum.of(Elements.slice(array, axis, at, at + part)));
            at += part;
        }
        return results;
    }

    private static List<Datum> slice(Call call) {
        Array array = call.array(0);
        long[] starts;
        long[] ends;
        long[] axes;
        long[] steps;
        if (call.opset() < 10) {
            starts = numbers(call, "starts");
            ends = numbers(call, "ends");
            axes = call.attribute("axes") == null ? first(starts.length) : numbers(call, "axes");
            steps = ones(starts.length);
        } else {
            starts = call.longs(1);
            ends = call.longs(2);
            axes = call.has(3) ? call.longs(3) : first(starts.length);
            steps = call.has(4) ? call.longs(4) : ones(starts.length);
        }
        if (ends.length != starts.length || axes.length != starts.length || steps.length != starts.length) {
            throw call.malformed("starts, ends, axes and steps differ in length");
        }
        int[] shape = array.shape().clone();
        int[] strides = Shapes.strides(array.shape());
        int offset = 0;
        for (int i = 0; i < starts.length; i++) {
            int axis = Shapes.axis(call, axes[i], array.rank());
            int size = array.shape()[axis];
            long step = steps[i];
            if (step == 0) {
                throw call.malformed("a step is zero");
            }
            long start = clamp(starts[i], size, 0, step);
            long end = clamp(ends[i], size, -1, step);
            long span = size == 0 ? 0 : step > 0 ? end - start : start - end;
            // Beyond the array's size all steps are alike.
            long stride = Math.clamp(step, -(size + 1L), size + 1L);
            shape[axis] = span <= 0 ? 0 : (int) Math.ceilDiv(span, Math.abs(stride));
            offset += shape[axis] == 0 ? 0 : (int) start * strides[axis];
            strides[axis] *= (int) stride;
        }
        return Elementwise.one(Elements.pick(array, shape, Shapes.indices(shape, strides, offset)));
    }

    /** @param least bound of backward steps: where one starts is an element, where one ends may be before the first */
    private static long clamp(long bound, int size, int least, long step) {
        long counted = bound < 0 ? bound + size : bound;
        return step > 0 ? Math.clamp(counted, 0L, size) : Math.clamp(counted, least, Math.max(least, size - 1L));
    }

    private static long[] numbers(Call call, String name) {
        return call.integers(name).orElseThrow(() -> call.malformed("attribute " + name + " is missing")).stream()
                .mapToLong(Long::longValue)
                .toArray();
    }

    private static long[] first(int count) {
        long[] axes = new long[count];
        Arrays.setAll(axes, i -> i);
        return axes;
    }

    private static long[] ones(int count) {
        long[] ones = new long[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static List<Datum> compress(Call call) {
        Array given = call.array(0);
        boolean isFlat = call.attribute("axis") == null;
        Array array = isFlat ? Elements.reshaped(given, new int[] {given.size()}) : given;
        int axis = isFlat ? 0 : Shapes.axis(call, call.integer("axis"), array.rank());
        long[] condition = call.longs(1);
        int[] kept = Arrays.stream(Shapes.all(Math.min(condition.length, array.shape()[axis])))
                .filter(i -> condition[i] != 0)
                .toArray();
        return Elementwise.one(GatherKernels.gather(call, array, axis, new int[] {kept.length}, kept));
    }

    private static List<Datum> triangle(Call call) {
        Array array = call.array(0);
        boolean upper = call.integer("upper", 1) != 0;
        long diagonal = call.has(1) ? call.onlyLong(1) : 0;
        int rank = array.rank();
        if (rank < 2) {
            throw call.malformed("input 0 has rank " + rank + ", expected 2 or more");
        }
        int rows = array.shape()[rank - 2];
        int columns = array.shape()[rank - 1];
        int[] indices = Shapes.all(array.size());
        for (int i = 0; i < indices.length; i++) {
            long above = i % columns - (long) (i / columns % rows);
            if (upper ? above < diagonal : above > diagonal) {
                indices[i] = -1;
            }
        }
        return Elementwise.one(Elements.pick(array, array.shape(), indices));
    }

    private static List<Datum> reverseSequence(Call call) {
        Array array = call.array(0);
        int batch = Shapes.axis(call, call.integer("batch_axis", 1), array.rank());
        int time = Shapes.axis(call, call.integer("time_axis", 0), array.rank());
        long[] lengths = call.longs(1);
        int[] strides = Shapes.strides(array.shape());
        int[] indices = Shapes.all(array.size());
        for (int i = 0; i < indices.length; i++) {
            long length = lengths[i / strides[batch] % array.shape()[batch]];
            int at = i / strides[time] % array.shape()[time];
            if (length > array.shape()[time]) {
                throw call.malformed("a sequence of " + length + " steps is longer than the time axis");
            }
            if (at < length) {
                indices[i] += (int) (length - 1 - 2L * at) * strides[time];
            }
        }
        return Elementwise.one(Elements.pick(array, array.shape(), indices));
    }
}
