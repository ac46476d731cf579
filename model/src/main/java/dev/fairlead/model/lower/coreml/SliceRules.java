package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.graph.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Slices and borders. */
final class SliceRules {
    private SliceRules() {}

    static void register(Rules rules) {
        rules.add("Slice", SliceRules::slice);
        rules.add("Pad", SliceRules::pad);
        rules.add("CenterCropPad", SliceRules::centerCropPad);
        rules.add("TensorScatter", SliceRules::tensorScatter);
    }

    private static void slice(Call call, Mil mil) {
        Var x = call.in(0);
        boolean attributes = call.opset() < 10;
        long[] starts = attributes ? call.integers("starts").orElseThrow() : call.longs(1, "starts");
        long[] ends = attributes ? call.integers("ends").orElseThrow() : call.longs(2, "ends");
        Optional<long[]> stated = attributes ? call.integers("axes") : call.optionalLongs(3, "axes");
        long[] axes = stated.orElseGet(
                () -> IntStream.range(0, starts.length).asLongStream().toArray());
        long[] steps = (attributes ? Optional.<long[]>empty() : call.optionalLongs(4, "steps"))
                .orElseGet(() -> Mil.ones(starts.length));
        int rank = x.rank();
        long[] begin = new long[rank];
        long[] end = new long[rank];
        long[] stride = Mil.ones(rank);
        boolean[] beginMask = new boolean[rank];
        boolean[] endMask = new boolean[rank];
        Arrays.fill(beginMask, true);
        Arrays.fill(endMask, true);
        List<Dim> shape = new ArrayList<>(x.shape());
        boolean whole = true;
        for (int i = 0; i < axes.length; i++) {
            int axis = x.axis(axes[i]);
            stride[axis] = steps[i];
            if (!x.isFixed(axis)) {
                open(x, axis, starts[i], ends[i], steps[i]);
                begin[axis] = starts[i];
                end[axis] = ends[i] > Integer.MAX_VALUE ? 0 : ends[i];
                beginMask[axis] = starts[i] == 0;
                endMask[axis] = ends[i] >= Integer.MAX_VALUE;
                boolean all = beginMask[axis] && endMask[axis];
                shape.set(axis, all ? shape.get(axis) : new Dim.Unknown());
                whole &= all;
                continue;
            }
            long size = x.size(axis);
            Bounds bounds = Bounds.of(starts[i], ends[i], steps[i], size);
            begin[axis] = bounds.begin();
            end[axis] = Math.max(bounds.end(), 0);
            beginMask[axis] = false;
            // Downwards to the first element has no end that counts from the front.
            endMask[axis] = bounds.end() < 0;
            shape.set(axis, new Dim.Fixed(bounds.count()));
            whole &= bounds.count() == size && steps[i] > 0;
        }
        call.result(whole ? x : mil.slice(x, begin, end, stride, beginMask, endMask, shape), call.declared(0));
    }

    /** Bounds that MIL reads as ONNX does although the size is not known: from or to an end, forwards. */
    private static void open(Var x, int axis, long start, long end, long step) {
        if (step != 1 || (end < Integer.MAX_VALUE && end > 0 && start < 0)) {
            throw Refusals.unsupported("a slice from " + start + " to " + end + " in steps of " + step + " along axis "
                    + axis + ", whose size is not fixed: " + x.shape());
        }
    }

    /**
     * A slice of a known size as ONNX clamps it.
     *
     * @param end -1 where it goes down to the first element
     */
    record Bounds(long begin, long end, long count) {
        static Bounds of(long start, long end, long step, long size) {
            long from = start < 0 ? start + size : start;
            long to = end < 0 ? Math.max(end, -size - 1) + size : end;
            from = step > 0 ? Math.clamp(from, 0, size) : Math.clamp(from, 0, size - 1);
            to = step > 0 ? Math.clamp(to, 0, size) : Math.clamp(to, -1, size - 1);
            long count = Math.max(0, Math.ceilDiv(to - from, step));
            return new Bounds(from, to, count);
        }
    }

    private static void pad(Call call, Mil mil) {
        Var x = call.in(0);
        boolean attributes = call.opset() < 11;
        String name = call.opset() < 2 ? "paddings" : "pads";
        long[] pads = attributes ? call.integers(name).orElseThrow() : call.longs(1, "pads");
        int[] axes = call.optionalLongs(3, "axes")
                .map(given ->
                        Arrays.stream(given).mapToInt(axis -> x.axis(axis)).toArray())
                .orElseGet(() -> Arithmetic.axes(0, x.rank()));
        long[] begin = new long[x.rank()];
        long[] end = new long[x.rank()];
        for (int i = 0; i < axes.length; i++) {
            begin[axes[i]] = pads[i];
            end[axes[i]] = pads[i + axes.length];
        }
        String mode = call.text("mode", "constant");
        if (!mode.equals("constant")) {
            call.result(bordered(x, begin, end, mode, mil), call.declared(0));
            return;
        }
        double value = attributes
                ? call.real("value", 0)
                : call.has(2) ? call.constant(2, "constant_value").doubleAt(0) : 0;
        call.result(cropped(padded(x, begin, end, value, mil), begin, end, mil), call.declared(0));
    }

    private static Var padded(Var x, long[] begin, long[] end, double value, Mil mil) {
        long[] before = Arrays.stream(begin).map(n -> Math.max(n, 0)).toArray();
        long[] after = Arrays.stream(end).map(n -> Math.max(n, 0)).toArray();
        return mil.pad(x, before, after, value);
    }

    /** Negative borders take away. */
    private static Var cropped(Var x, long[] begin, long[] end, Mil mil) {
        Var cropped = x;
        for (int i = 0; i < x.rank(); i++) {
            if (begin[i] < 0 || end[i] < 0) {
                long size = cropped.size(i);
                cropped = mil.slice(cropped, i, Math.max(-begin[i], 0), size - Math.max(-end[i], 0));
            }
        }
        return cropped;
    }

    /** Borders that repeat elements are gathers with constant indices, axis by axis; MIL's own modes know two axes only. */
    private static Var bordered(Var x, long[] begin, long[] end, String mode, Mil mil) {
        Var made = x;
        for (int i = 0; i < x.rank(); i++) {
            if (begin[i] == 0 && end[i] == 0) {
                continue;
            }
            long size = x.size(i);
            long count = size + begin[i] + end[i];
            long[] indices = new long[Math.toIntExact(count)];
            for (int j = 0; j < indices.length; j++) {
                indices[j] = source(j - begin[i], size, mode);
            }
            made = mil.gather(made, mil.ints(indices), i);
        }
        return made;
    }

    private static long source(long index, long size, String mode) {
        return switch (mode) {
            case "edge" -> Math.clamp(index, 0, size - 1);
            case "wrap" -> Math.floorMod(index, size);
            case "reflect" -> {
                long period = Math.max(2 * (size - 1), 1);
                long folded = Math.floorMod(index, period);
                yield size == 1 ? 0 : folded < size ? folded : period - folded;
            }
            default -> throw Refusals.unsupported("a border of mode " + mode);
        };
    }

    private static void centerCropPad(Call call, Mil mil) {
        Var x = call.in(0);
        long[] wanted = call.longs(1, "shape");
        int[] axes = call.integers("axes")
                .map(given ->
                        Arrays.stream(given).mapToInt(axis -> x.axis(axis)).toArray())
                .orElseGet(() -> Arithmetic.axes(0, x.rank()));
        long[] begin = new long[x.rank()];
        long[] end = new long[x.rank()];
        for (int i = 0; i < axes.length; i++) {
            long more = wanted[i] - x.size(axes[i]);
            // Half of it, rounded towards zero, comes first: an odd element is added or taken at the end.
            begin[axes[i]] = more / 2;
            end[axes[i]] = more - more / 2;
        }
        call.result(cropped(padded(x, begin, end, 0, mil), begin, end, mil), call.declared(0));
    }

    /** A cache's update: row indices that may wrap around, one start a batch element. */
    private static void tensorScatter(Call call, Mil mil) {
        Var cache = call.in(0);
        Var update = call.in(1);
        int axis = cache.axis(call.integer("axis", -2));
        long size = cache.size(axis);
        long[] sizes = update.sizes();
        Var range = ConstantRules.range(sizes[axis], axis, cache.rank(), mil);
        Var index = range;
        if (call.has(2)) {
            Var starts = mil.reshape(call.in(2), ones(cache.rank(), sizes[0]));
            index = mil.add(starts, range);
        }
        if (call.text("mode", "linear").equals("circular")) {
            index = mil.binary("mod", index, mil.integer(size));
        }
        Var indices = mil.expand(index, update.shape());
        call.result(ScatterRules.alongAxis(cache, indices, update, axis, "update", mil), call.declared(0));
    }

    private static long[] ones(int rank, long first) {
        long[] shape = Mil.ones(rank);
        shape[0] = first;
        return shape;
    }
}
