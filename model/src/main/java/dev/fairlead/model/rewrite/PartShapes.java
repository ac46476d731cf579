package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that put tensors together, cut them, or surround them. */
final class PartShapes {
    private PartShapes() {}

    static void register(ShapeRules rules) {
        rules.add("Concat", PartShapes::concat);
        rules.add("Split", PartShapes::split);
        rules.add("Slice", PartShapes::slice);
        rules.add("Pad", PartShapes::pad);
        rules.add("CenterCropPad", PartShapes::centre);
    }

    private static List<Fact> concat(Inference at) {
        Optional<Integer> known = IntStream.range(0, at.count())
                .mapToObj(at::rank)
                .flatMap(Optional::stream)
                .findFirst();
        if (known.isEmpty()) {
            return List.of(Fact.of(at.dtype(0), Optional.empty()));
        }
        int rank = known.get();
        int axis = at.axis(at.integer("axis", 1), rank);
        List<Dim> out = new ArrayList<>(Shapes.unknown(rank));
        Dim length = Sizes.fixed(0);
        for (int i = 0; i < at.count(); i++) {
            List<Dim> shape = at.shape(i).orElse(Shapes.unknown(rank));
            if (shape.size() != rank) {
                throw at.malformed("joins tensors of rank " + rank + " and " + shape.size());
            }
            length = Sizes.plus(length, shape.get(axis));
            for (int other = 0; other < rank; other++) {
                Dim so = out.get(other);
                Dim here = shape.get(other);
                if (other != axis) {
                    out.set(
                            other,
                            Shapes.meet(so, here)
                                    .orElseThrow(() -> at.malformed("joins tensors of sizes " + so + " and " + here)));
                }
            }
        }
        out.set(axis, length);
        return List.of(Fact.of(at.dtype(0), Optional.of(out)).holding(rank == 1 ? joined(at) : Optional.empty()));
    }

    private static Optional<List<Optional<Expression>>> joined(Inference at) {
        List<Optional<Expression>> numbers = new ArrayList<>();
        for (int i = 0; i < at.count(); i++) {
            if (at.elements(i).isPresent()) {
                numbers.addAll(at.elements(i).get());
            } else {
                Optional<long[]> length = at.shape(i).flatMap(Numbers::fixed);
                boolean whole = at.dtype(0).filter(t -> t.isInteger()).isPresent();
                if (!whole || length.isEmpty() || numbers.size() + length.get()[0] > Fact.MAX_ELEMENTS) {
                    return Optional.empty();
                }
                for (long j = 0; j < length.get()[0]; j++) {
                    numbers.add(Optional.empty());
                }
            }
        }
        return Optional.of(numbers);
    }

    private static List<Fact> split(Inference at) {
        Optional<List<Long>> parts = at.listed("split", 1, Optional.empty());
        List<Fact> out = new ArrayList<>();
        if (at.shape(0).isEmpty()) {
            for (int i = 0; i < at.outputs(); i++) {
                out.add(Fact.of(at.dtype(0), Optional.empty()));
            }
            return out;
        }
        List<Dim> shape = at.shape(0).get();
        int axis = at.axis(at.integer("axis", 0), shape.size());
        long count = at.integer("num_outputs", at.outputs());
        Optional<List<Optional<Expression>>> numbers = shape.size() == 1 ? at.elements(0) : Optional.empty();
        int from = 0;
        for (int i = 0; i < at.outputs(); i++) {
            Dim size = new Dim.Unknown();
            if (parts.isPresent()) {
                size = i < parts.get().size() && parts.get().get(i) >= 0
                        ? Sizes.fixed(parts.get().get(i))
                        : size;
            } else if (!at.has(1) && count > 0) {
                size = even(shape.get(axis), count, i);
            }
            Fact part = Fact.of(at.dtype(0), Optional.of(Shapes.with(shape, axis, size)));
            if (size instanceof Dim.Fixed(long length) && numbers.isPresent() && length <= Fact.MAX_ELEMENTS) {
                int begin = from;
                from += (int) length;
                int end = from;
                part = part.holding(numbers.filter(list -> end <= list.size()).map(list -> list.subList(begin, end)));
            } else {
                numbers = Optional.empty();
            }
            out.add(part);
        }
        return out;
    }

    /** All parts are ⌈n/count⌉ long but the last, which takes what is left. */
    private static Dim even(Dim whole, long count, int index) {
        Dim size = Sizes.ceilDiv(whole, count);
        if (whole instanceof Dim.Fixed(long n)) {
            long each = Math.ceilDiv(n, count);
            return Sizes.fixed(Math.clamp(n - each * index, 0, each));
        }
        return index < count - 1 || Sizes.times(size, count).equals(whole) ? size : new Dim.Unknown();
    }

    private static List<Fact> slice(Inference at) {
        Fact input = at.input(0);
        if (input.shape().isEmpty()) {
            return List.of(Fact.of(input.dtype(), Optional.empty()));
        }
        List<Dim> shape = input.shape().get();
        boolean attributes = at.opset() < 10;
        Optional<List<Optional<Expression>>> starts = attributes ? wrapped(at.integers("starts")) : at.elements(1);
        Optional<List<Optional<Expression>>> ends = attributes ? wrapped(at.integers("ends")) : at.elements(2);
        int given = starts.or(() -> ends).map(List::size).orElse(shape.size());
        Optional<List<Long>> axes = at.listed("axes", 3, Optional.of(LongRange.to(given)));
        Optional<List<Long>> steps = at.listed("steps", 4, Optional.of(LongRange.repeat(1, given)));
        if (axes.isEmpty()) {
            return List.of(Fact.of(input.dtype(), Optional.of(Shapes.unknown(shape.size()))));
        }
        List<Dim> out = new ArrayList<>(shape);
        Optional<List<Optional<Expression>>> numbers = shape.size() == 1 ? input.elements() : Optional.empty();
        for (int i = 0; i < axes.get().size(); i++) {
            int axis = at.axis(axes.get().get(i), shape.size());
            int index = i;
            Optional<Expression> start = starts.filter(l -> index < l.size()).flatMap(l -> l.get(index));
            Optional<Expression> end = ends.filter(l -> index < l.size()).flatMap(l -> l.get(index));
            Optional<Long> step = steps.filter(l -> index < l.size()).map(l -> l.get(index));
            if (step.isPresent() && step.get() == 0) {
                throw at.malformed("steps: has a 0");
            }
            out.set(axis, Slicing.length(shape.get(axis), start, end, step));
            numbers = numbers.flatMap(list -> Slicing.take(list, start, end, step));
        }
        return List.of(Fact.of(input.dtype(), Optional.of(out)).holding(numbers));
    }

    private static Optional<List<Optional<Expression>>> wrapped(Optional<List<Long>> values) {
        return values.map(list ->
                list.stream().map(value -> Optional.of(Expression.of(value))).toList());
    }

    private static List<Fact> pad(Inference at) {
        Optional<List<Dim>> shape = at.shape(0);
        if (shape.isEmpty()) {
            return List.of(Fact.of(at.dtype(0), Optional.empty()));
        }
        int rank = shape.get().size();
        Optional<List<Optional<Expression>>> pads =
                at.opset() < 11 ? wrapped(at.integers("pads").or(() -> at.integers("paddings"))) : at.elements(1);
        Optional<List<Long>> axes = at.has(3) ? at.input(3).integers() : Optional.of(LongRange.to(rank));
        if (pads.isEmpty()
                || axes.isEmpty()
                || pads.get().size() != 2 * axes.get().size()) {
            return List.of(Fact.of(at.dtype(0), Optional.of(Shapes.unknown(rank))));
        }
        List<Dim> out = new ArrayList<>(shape.get());
        int count = axes.get().size();
        for (int i = 0; i < count; i++) {
            int axis = at.axis(axes.get().get(i), rank);
            Optional<Expression> begin = pads.get().get(i);
            Optional<Expression> end = pads.get().get(i + count);
            out.set(
                    axis,
                    Sizes.dim(Sizes.expression(out.get(axis))
                            .flatMap(n -> begin.flatMap(b -> Sizes.plus(n, b)))
                            .flatMap(n -> end.flatMap(e -> Sizes.plus(n, e)))));
        }
        return List.of(Fact.of(at.dtype(0), Optional.of(out)));
    }

    private static List<Fact> centre(Inference at) {
        Optional<List<Dim>> out = at.shape(0).map(shape -> {
            List<Long> axes = at.integers("axes").orElse(LongRange.to(shape.size()));
            List<Dim> dims = new ArrayList<>(shape);
            for (int i = 0; i < axes.size(); i++) {
                int index = i;
                dims.set(
                        at.axis(axes.get(i), shape.size()),
                        at.elements(1)
                                .filter(list -> index < list.size())
                                .map(list -> Sizes.dim(list.get(index)))
                                .orElse(new Dim.Unknown()));
            }
            return dims;
        });
        return List.of(Fact.of(at.dtype(0), out));
    }
}
