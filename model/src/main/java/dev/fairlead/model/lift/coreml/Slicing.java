package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The slice that {@code begin}, {@code end}, {@code stride} and their masks say, as ONNX' vectors of int64.
 *
 * @param squeezed axes that the slice has one index of and that go
 */
record Slicing(String starts, String ends, String steps, List<Integer> squeezed) {
    private static final long LAST = Long.MAX_VALUE;
    private static final long FIRST = Long.MIN_VALUE + 1;

    static Slicing of(Invocation call, Emitter out, int rank) {
        List<Long> stride = call.optionalIntegers("stride")
                .orElse(LongStream.generate(() -> 1).limit(rank).boxed().toList());
        boolean[] beginMask = call.flags("begin_mask", rank);
        boolean[] endMask = call.flags("end_mask", rank);
        boolean[] squeezeMask = call.flags("squeeze_mask", rank);
        List<Long> steps = new ArrayList<>();
        List<Long> first = new ArrayList<>();
        List<Long> last = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            long step = squeezeMask[axis] ? 1 : stride.get(axis);
            steps.add(step);
            first.add(step > 0 ? 0L : LAST);
            last.add(step > 0 ? LAST : FIRST);
        }
        List<Integer> squeezed = IntStream.range(0, rank)
                .filter(axis -> squeezeMask[axis])
                .boxed()
                .toList();
        Optional<Tensor> begin = call.known("begin");
        Optional<Tensor> end = call.known("end");
        if (begin.isPresent() && end.isPresent()) {
            List<Long> starts = new ArrayList<>();
            List<Long> ends = new ArrayList<>();
            for (int axis = 0; axis < rank; axis++) {
                long start = begin.get().longAt(axis);
                starts.add(beginMask[axis] && !squeezeMask[axis] ? first.get(axis) : start);
                ends.add(
                        squeezeMask[axis]
                                ? after(start)
                                : endMask[axis] ? last.get(axis) : end.get().longAt(axis));
            }
            return new Slicing(out.integers(starts), out.integers(ends), out.integers(steps), squeezed);
        }
        String stated = out.longs(call.get("begin"));
        boolean[] defaulted = new boolean[rank];
        for (int axis = 0; axis < rank; axis++) {
            defaulted[axis] = beginMask[axis] && !squeezeMask[axis];
        }
        String starts = chosen(defaulted, out.integers(first), stated, out);
        String ends = chosen(endMask, out.integers(last), out.longs(call.get("end")), out);
        if (!squeezed.isEmpty()) {
            String next = out.inner(
                    "Where",
                    out.inner("Equal", stated, out.integers(-1)),
                    out.integers(LAST),
                    out.inner("Add", stated, out.integers(1)));
            ends = chosen(squeezeMask, next, ends, out);
        }
        return new Slicing(starts, ends, out.integers(steps), squeezed);
    }

    /** The end of a slice of one index. */
    private static long after(long start) {
        return start == -1 ? LAST : start + 1;
    }

    private static String chosen(boolean[] mask, String yes, String no, Emitter out) {
        if (IntStream.range(0, mask.length).noneMatch(i -> mask[i])) {
            return no;
        }
        Tensor where = Tensor.allocate(DType.BOOL, List.of((long) mask.length));
        for (int i = 0; i < mask.length; i++) {
            where.set(i, mask[i] ? 1L : 0L);
        }
        return out.inner("Where", out.constant(where), yes, no);
    }

    /** All axes of a slice in order. */
    static List<Integer> axes(int rank) {
        Integer[] axes = new Integer[rank];
        Arrays.setAll(axes, i -> i);
        return List.of(axes);
    }

    /** The sliced tensor before axes go. */
    String apply(String x, int rank, Emitter out) {
        return out.inner("Slice", x, starts, ends, out.integers(axes(rank)), steps);
    }
}
