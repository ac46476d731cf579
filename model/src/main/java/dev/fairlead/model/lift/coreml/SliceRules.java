package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Parts of tensors, and putting one in place. */
final class SliceRules {
    private static final long LAST = Long.MAX_VALUE;

    private SliceRules() {}

    static void register(Rules rules) {
        rules.add("slice_by_index", SliceRules::byIndex);
        rules.add("slice_by_size", SliceRules::bySize);
        rules.add("slice_update", SliceRules::update);
        rules.add("crop", SliceRules::crop);
        rules.add("reverse", SliceRules::reverse);
    }

    private static void byIndex(Invocation call, Emitter out) {
        Operand x = call.get("x");
        int rank = call.rank(x);
        Slicing slicing = Slicing.of(call, out, rank);
        if (slicing.squeezed().isEmpty()) {
            out.result(
                    "Slice",
                    out.of(x),
                    slicing.starts(),
                    slicing.ends(),
                    out.integers(Slicing.axes(rank)),
                    slicing.steps());
        } else {
            out.result("Squeeze", slicing.apply(out.of(x), rank, out), out.integers(slicing.squeezed()));
        }
    }

    /** A size of -1 takes all that is left. */
    private static void bySize(Invocation call, Emitter out) {
        Operand x = call.get("x");
        int rank = call.rank(x);
        Optional<Tensor> begin = call.known("begin");
        Optional<Tensor> size = call.known("size");
        String starts = out.longs(call.get("begin"));
        String ends;
        if (begin.isPresent() && size.isPresent()) {
            List<Long> known = new ArrayList<>();
            for (int axis = 0; axis < rank; axis++) {
                long start = begin.get().longAt(axis);
                long count = size.get().longAt(axis);
                boolean isToTheEnd = count == -1 || (start < 0 && start + count >= 0);
                known.add(isToTheEnd ? LAST : start + count);
            }
            ends = out.integers(known);
        } else {
            String sizes = out.longs(call.get("size"));
            String sum = out.inner("Add", starts, sizes);
            String negative = out.inner("Less", starts, out.integers(0));
            String beyond = out.inner("And", negative, out.inner("GreaterOrEqual", sum, out.integers(0)));
            String all = out.inner("Or", out.inner("Equal", sizes, out.integers(-1)), beyond);
            ends = out.inner("Where", all, out.integers(LAST), sum);
        }
        out.result("Slice", out.of(x), starts, ends, out.integers(Slicing.axes(rank)));
    }

    /** Scattered by the places that the slice has among all elements, so any stride and any mask is right. */
    private static void update(Invocation call, Emitter out) {
        Operand x = call.get("x");
        int rank = call.rank(x);
        Slicing slicing = Slicing.of(call, out, rank);
        String shape = out.shape(x);
        String zero = out.constant(Tensor.scalar(DType.INT64, 0));
        String one = out.constant(Tensor.scalar(DType.INT64, 1));
        String count = out.inner("ReduceProd", Attributes.of("keepdims", 0), shape);
        String all = out.inner("Reshape", out.inner("Range", zero, count, one), shape);
        String flat = out.integers(-1);
        String places = out.inner("Reshape", slicing.apply(all, rank, out), flat);
        String values = out.inner("Reshape", out.as(call.get("update"), call.outputDtype()), flat);
        String updated = out.inner(
                "ScatterElements", Attributes.of("axis", 0), out.inner("Reshape", out.of(x), flat), places, values);
        out.result("Reshape", updated, shape);
    }

    private static void crop(Invocation call, Emitter out) {
        List<Long> height = call.integers("crop_height");
        List<Long> width = call.integers("crop_width");
        List<Long> ends = new ArrayList<>();
        for (List<Long> side : List.of(height, width)) {
            ends.add(side.getLast() == 0 ? LAST : -side.getLast());
        }
        out.result(
                "Slice",
                out.of(call.get("x")),
                out.integers(height.getFirst(), width.getFirst()),
                out.integers(ends),
                out.integers(-2, -1));
    }

    private static void reverse(Invocation call, Emitter out) {
        Operand x = call.get("x");
        int rank = call.rank(x);
        List<Integer> axes = call.optionalIntegers("axes")
                .map(list -> list.stream().map(axis -> call.axis(axis, rank)).toList())
                .orElse(Slicing.axes(rank));
        out.result("Slice", reversed(out.of(x), axes, out));
    }

    private static String[] reversed(String x, List<Integer> axes, Emitter out) {
        List<Long> starts = axes.stream().map(axis -> LAST).toList();
        List<Long> ends = axes.stream().map(axis -> -LAST).toList();
        List<Long> steps = axes.stream().map(axis -> -1L).toList();
        return new String[] {x, out.integers(starts), out.integers(ends), out.integers(axes), out.integers(steps)};
    }

    /** The tensor with one axis running backwards. */
    static String reversed(String x, int axis, Emitter out) {
        return out.inner("Slice", reversed(x, List.of(axis), out));
    }
}
