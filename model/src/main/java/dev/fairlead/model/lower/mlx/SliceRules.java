package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Parts of tensors, and tensors made larger. */
final class SliceRules {
    private SliceRules() {}

    static void register(Rules rules) {
        rules.add("Slice", SliceRules::slice);
        rules.add("Pad", SliceRules::pad);
        rules.add("CenterCropPad", SliceRules::centerCropPad);
        rules.add("Compress", SliceRules::compress);
    }

    private static Operand slice(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        List<Expression> starts = bounds(node, 1, "starts");
        List<Expression> ends = bounds(node, 2, "ends");
        List<Long> axes = node.integers(3, "axes", "the axes")
                .orElseGet(() -> LongStream.range(0, starts.size()).boxed().toList());
        List<Long> steps = node.has(4) ? node.integers(4, "the steps") : Collections.nCopies(starts.size(), 1L);
        List<Expression> from = new ArrayList<>(Collections.nCopies(x.rank(), Expression.of(0)));
        List<Expression> to = new ArrayList<>(x.shape());
        List<Long> by = new ArrayList<>(Collections.nCopies(x.rank(), 1L));
        List<Expression> shape = new ArrayList<>(x.shape());
        for (int i = 0; i < axes.size(); i++) {
            int axis = node.axis(axes.get(i), x.rank());
            Bounds bounds = Bounds.of(x.size(axis), starts.get(i), ends.get(i), steps.get(i));
            from.set(axis, bounds.start());
            to.set(axis, bounds.end());
            by.set(axis, bounds.step());
            shape.set(axis, bounds.count());
        }
        return shape.equals(x.shape()) && by.stream().allMatch(step -> step == 1)
                ? x
                : mlx.slice(x, from, to, by, shape);
    }

    private static List<Expression> bounds(Operation node, int input, String name) {
        return node.has(input)
                ? node.sizes(input, "the " + name)
                : Shapes.of(node.integers(name).orElseThrow(() -> node.malformed("has no " + name)));
    }

    private static Operand pad(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        List<Long> pads = node.has(1)
                ? node.integers(1, "the padding")
                : node.integers("pads")
                        .or(() -> node.integers("paddings"))
                        .orElseThrow(() -> node.malformed("has no pads"));
        List<Long> axes = node.has(3)
                ? node.integers(3, "the axes")
                : LongStream.range(0, x.rank()).boxed().toList();
        List<Long> low = new ArrayList<>(Collections.nCopies(x.rank(), 0L));
        List<Long> high = new ArrayList<>(Collections.nCopies(x.rank(), 0L));
        for (int i = 0; i < axes.size(); i++) {
            int axis = node.axis(axes.get(i), x.rank());
            low.set(axis, pads.get(i));
            high.set(axis, pads.get(i + axes.size()));
        }
        Operand cut = cut(x, low, high, mlx);
        List<Long> before = low.stream().map(n -> Math.max(n, 0)).toList();
        List<Long> after = high.stream().map(n -> Math.max(n, 0)).toList();
        String mode = node.text("mode", "constant");
        if (mode.equals("constant")) {
            Operand value = node.optional(2)
                    .map(operand -> mlx.reshape(operand, List.of()))
                    .orElseGet(() -> mlx.like(x, node.real("value", 0)));
            return mlx.pad(cut, before, after, value);
        }
        Operand padded = cut;
        for (int axis = 0; axis < x.rank(); axis++) {
            if (before.get(axis) + after.get(axis) > 0) {
                padded = mirrored(padded, axis, before.get(axis), after.get(axis), mode, mlx);
            }
        }
        return padded;
    }

    private static Operand cut(Operand x, List<Long> low, List<Long> high, Primitives mlx) {
        Operand cut = x;
        for (int axis = 0; axis < x.rank(); axis++) {
            if (low.get(axis) < 0 || high.get(axis) < 0) {
                long end = x.fixed(axis) + Math.min(high.get(axis), 0);
                cut = mlx.slice(cut, axis, -Math.min(low.get(axis), 0), end);
            }
        }
        return cut;
    }

    /** Padding that repeats the axis' own elements: which, is known now. */
    private static Operand mirrored(Operand x, int axis, long before, long after, String mode, Primitives mlx) {
        long size = x.fixed(axis);
        List<Long> places = LongStream.range(-before, size + after)
                .map(i -> switch (mode) {
                    case "edge" -> Math.clamp(i, 0, size - 1);
                    case "wrap" -> Math.floorMod(i, size);
                    case "reflect" -> reflected(i, size);
                    default -> throw Refusal.of("no padding is called " + mode);
                })
                .boxed()
                .toList();
        return mlx.take(x, mlx.integers(places), axis);
    }

    private static long reflected(long place, long size) {
        if (size == 1) {
            return 0;
        }
        long period = 2 * (size - 1);
        long within = Math.floorMod(place, period);
        return Math.min(within, period - within);
    }

    private static Operand centerCropPad(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        List<Long> target = node.integers(1, "the shape");
        List<Long> axes = node.integers("axes")
                .orElseGet(() -> LongStream.range(0, x.rank()).boxed().toList());
        Operand made = x;
        for (int i = 0; i < axes.size(); i++) {
            int axis = node.axis(axes.get(i), x.rank());
            long more = target.get(i) - x.fixed(axis);
            if (more < 0) {
                long start = -more / 2;
                made = mlx.slice(made, axis, start, start + target.get(i));
            } else {
                List<Long> low = new ArrayList<>(Collections.nCopies(x.rank(), 0L));
                List<Long> high = new ArrayList<>(Collections.nCopies(x.rank(), 0L));
                low.set(axis, more / 2);
                high.set(axis, more - more / 2);
                made = mlx.pad(made, low, high, mlx.like(x, 0));
            }
        }
        return made;
    }

    /** How many elements a condition lets through is part of the shape, so it must be known. */
    private static Operand compress(Operation node, Primitives mlx) {
        Optional<Tensor> known = node.input(1).known();
        if (known.isEmpty()) {
            throw Refusal.of("the result's size depends on data");
        }
        Tensor condition = known.get();
        List<Long> places = LongStream.range(0, condition.elements())
                .filter(i -> condition.longAt(i) != 0)
                .boxed()
                .toList();
        Operand x = node.input(0);
        boolean flat = !node.hasAttribute("axis");
        Operand from = flat ? mlx.reshape(x, List.of(Shapes.product(x.shape()))) : x;
        return mlx.take(from, mlx.integers(places), flat ? 0 : node.axis("axis", 0, x.rank()));
    }
}
