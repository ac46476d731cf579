package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that give the same numbers another shape or order. */
final class ShapeRules {
    private ShapeRules() {}

    static void register(Rules rules) {
        rules.add("Reshape", ShapeRules::reshape);
        rules.add("Flatten", ShapeRules::flatten);
        rules.add("Squeeze", ShapeRules::squeeze);
        rules.add("Unsqueeze", ShapeRules::unsqueeze);
        rules.add("Transpose", ShapeRules::transpose);
        rules.add("Expand", ShapeRules::expand);
        rules.add("Tile", ShapeRules::tile);
        rules.add(
                "Concat",
                (call, mil) -> call.result(
                        mil.concat(present(call), Math.toIntExact(call.integer("axis", 1))), call.declared(0)));
        rules.add("Split", ShapeRules::split);
        rules.add("DepthToSpace", ShapeRules::depthToSpace);
        rules.add("SpaceToDepth", ShapeRules::spaceToDepth);
        rules.add("Trilu", ShapeRules::triangle);
        rules.add("ReverseSequence", ShapeRules::reverseSequence);
    }

    /** The operands that have elements; others add nothing. */
    private static List<Var> present(Call call) {
        List<Var> operands = new ArrayList<>();
        for (int i = 0; i < call.inputs(); i++) {
            Optional<Tensor> constant = call.constant(i);
            if (constant.isEmpty() || constant.get().elements() > 0) {
                operands.add(call.in(i));
            }
        }
        if (operands.isEmpty()) {
            throw Refusals.unsupported("a tensor without elements, which Core ML does not have");
        }
        return operands;
    }

    private static void reshape(Call call, Mil mil) {
        boolean zeroIsZero = call.isSet("allowzero");
        Var x = call.in(0);
        Optional<long[]> stated = call.integers("shape");
        if (stated.isEmpty() && call.constant(1).isEmpty() && !x.isFixed()) {
            // That zero is a size makes no difference: Core ML has no tensor without elements, so none is computed.
            Var sizes = call.in(1);
            call.result(mil.reshape(x, sizes, Shapes.unknown(Math.toIntExact(sizes.size(0)))), call.declared(0));
            return;
        }
        long[] sizes = stated.orElseGet(() -> call.longs(1, "shape"));
        call.result(reshaped(x, sizes, zeroIsZero, mil), call.declared(0));
    }

    /** ONNX' reshape: -1 is what is left, 0 keeps the size at its place unless it means zero. */
    private static Var reshaped(Var x, long[] sizes, boolean zeroIsZero, Mil mil) {
        List<Dim> shape = new ArrayList<>();
        long known = 1;
        int open = -1;
        for (int i = 0; i < sizes.length; i++) {
            Dim dim = sizes[i] == 0 && !zeroIsZero ? x.shape().get(i) : new Dim.Fixed(Math.max(sizes[i], 0));
            open = sizes[i] == -1 ? i : open;
            if (dim instanceof Dim.Fixed(long size) && sizes[i] != -1) {
                known *= size;
            }
            shape.add(dim);
        }
        if (x.isFixed()) {
            if (open >= 0) {
                shape.set(open, new Dim.Fixed(x.elements() / Math.max(known, 1)));
            }
            return mil.reshape(x, new Var("", x.element(), shape).sizes());
        }
        if (open >= 0) {
            shape.set(open, remaining(x.shape(), shape, open));
        }
        boolean keeps = !zeroIsZero && Arrays.stream(sizes).anyMatch(size -> size == 0);
        return keeps && sizes.length != x.rank() ? keeping(x, sizes, shape, mil) : mil.reshape(x, sizes, shape);
    }

    /** Zeros mean the sizes of x at their places; Core ML reads them so only where the rank stays. */
    private static Var keeping(Var x, long[] sizes, List<Dim> shape, Mil mil) {
        Var all = mil.out.write("shape", Map.of("x", x), MilDataType.INT32, Shapes.of(x.rank()));
        List<Var> parts = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            boolean isFixed = sizes[i] != 0 || shape.get(i) instanceof Dim.Fixed;
            long stated = shape.get(i) instanceof Dim.Fixed(long size) && sizes[i] != -1 ? size : sizes[i];
            parts.add(isFixed ? mil.ints(stated) : mil.slice(all, 0, i, i + 1L));
        }
        return mil.reshape(x, mil.concat(parts, 0), shape);
    }

    /** The size that -1 stands for, where all unknown sizes are kept and cancel out. */
    private static Dim remaining(List<Dim> from, List<Dim> to, int open) {
        List<Dim> left = new ArrayList<>(from);
        long divisor = 1;
        for (int i = 0; i < to.size(); i++) {
            if (i != open && !left.remove(to.get(i)) && to.get(i) instanceof Dim.Fixed(long size)) {
                divisor *= size;
            }
        }
        long product = 1;
        for (Dim dim : left) {
            if (!(dim instanceof Dim.Fixed(long size))) {
                return left.stream().filter(d -> !Shapes.isOne(d)).count() == 1 && divisor == 1
                        ? dim
                        : new Dim.Unknown();
            }
            product *= size;
        }
        return new Dim.Fixed(product / divisor);
    }

    private static void flatten(Call call, Mil mil) {
        Var x = call.in(0);
        long axis = call.integer("axis", 1);
        call.result(flattened(x, Math.toIntExact(axis < 0 ? axis + x.rank() : axis), mil), call.declared(0));
    }

    /** A matrix: the sizes before the axis, and those from it on. */
    static Var flattened(Var x, int axis, Mil mil) {
        if (!x.isFixed()) {
            return flattenedOpen(x, axis, mil);
        }
        long[] sizes = x.sizes();
        long rows = Arrays.stream(sizes, 0, axis).reduce(1, Math::multiplyExact);
        long columns = Arrays.stream(sizes, axis, sizes.length).reduce(1, Math::multiplyExact);
        return mil.reshape(x, rows, columns);
    }

    private static Var flattenedOpen(Var x, int axis, Mil mil) {
        Var rest = new Var("", x.element(), x.shape().subList(axis, x.rank()));
        if (rest.isFixed()) {
            Dim rows = axis == 1 ? x.shape().getFirst() : new Dim.Unknown();
            return mil.reshape(x, new long[] {-1, rest.elements()}, List.of(rows, new Dim.Fixed(rest.elements())));
        }
        Var front = new Var("", x.element(), x.shape().subList(0, axis));
        return mil.reshape(
                x, new long[] {front.elements(), -1}, List.of(new Dim.Fixed(front.elements()), new Dim.Unknown()));
    }

    private static Optional<long[]> axes(Call call) {
        return call.opset() < 13 ? call.integers("axes") : call.optionalLongs(1, "axes");
    }

    private static void squeeze(Call call, Mil mil) {
        Var x = call.in(0);
        int[] axes = axes(call)
                .map(given ->
                        Arrays.stream(given).mapToInt(axis -> x.axis(axis)).toArray())
                .orElseGet(() -> ones(x));
        call.result(mil.squeeze(x, axes), call.declared(0));
    }

    private static int[] ones(Var x) {
        if (!x.isFixed()) {
            throw Refusals.unsupported("all axes of one element go, and which these are is not known: " + x.shape());
        }
        return IntStream.range(0, x.rank())
                .filter(i -> Shapes.isOne(x.shape().get(i)))
                .toArray();
    }

    private static void unsqueeze(Call call, Mil mil) {
        Var x = call.in(0);
        long[] given = axes(call).orElseThrow(() -> Refusals.malformed("axes are missing"));
        int rank = x.rank() + given.length;
        int[] axes = Arrays.stream(given)
                .mapToInt(axis -> Math.toIntExact(axis < 0 ? axis + rank : axis))
                .toArray();
        call.result(mil.expandDims(x, axes), call.declared(0));
    }

    private static void transpose(Call call, Mil mil) {
        Var x = call.in(0);
        int[] permutation = call.integers("perm")
                .map(given -> Arrays.stream(given).mapToInt(Math::toIntExact).toArray())
                .orElseGet(() ->
                        IntStream.range(0, x.rank()).map(i -> x.rank() - 1 - i).toArray());
        call.result(mil.transpose(x, permutation), call.declared(0));
    }

    private static void expand(Call call, Mil mil) {
        Var x = call.in(0);
        if (call.constant(1).isEmpty()) {
            call.result(computed(x, call.in(1), mil), call.declared(0));
            return;
        }
        List<Dim> wanted = Shapes.of(call.longs(1, "shape"));
        call.result(mil.expand(x, Shapes.broadcast(x.shape(), wanted)), call.declared(0));
    }

    /** Times ones of a shape that is known when it runs: the product is broadcast. */
    private static Var computed(Var x, Var sizes, Mil mil) {
        MilDataType element = x.element() == MilDataType.BOOL ? MilDataType.INT32 : x.element();
        Var one = mil.cast(mil.constant(Tensor.scalar(DType.INT32, 1), "one"), element);
        Var ones = mil.out.write(
                "fill", Map.of("shape", sizes, "value", one), element, Shapes.unknown(Math.toIntExact(sizes.size(0))));
        return mil.cast(mil.mul(mil.cast(x, element), ones), x.element());
    }

    private static void tile(Call call, Mil mil) {
        Var x = call.in(0);
        if (call.opset() < 6) {
            long[] reps = Mil.ones(x.rank());
            reps[Math.toIntExact(call.constant(2, "axis").longAt(0))] =
                    call.constant(1, "tiles").longAt(0);
            call.result(mil.tile(x, reps), call.declared(0));
            return;
        }
        call.result(mil.tile(x, call.longs(1, "repeats")), call.declared(0));
    }

    private static void split(Call call, Mil mil) {
        Var x = call.in(0);
        int axis = x.axis(call.integer("axis", 0));
        Optional<long[]> stated = call.opset() < 13 ? call.integers("split") : call.optionalLongs(1, "split");
        int count = call.node().outputs().size();
        long[] sizes = stated.orElseGet(() -> even(x.size(axis), call.integer("num_outputs", count)));
        List<Var> parts = mil.split(x, axis, sizes);
        for (int i = 0; i < parts.size(); i++) {
            call.result(i, parts.get(i), call.declared(0));
        }
    }

    private static long[] even(long size, long parts) {
        long each = Math.ceilDiv(size, parts);
        long[] sizes = new long[Math.toIntExact(parts)];
        Arrays.fill(sizes, each);
        sizes[sizes.length - 1] = size - each * (parts - 1);
        return sizes;
    }

    /** Depth-column-row order is MIL's depth_to_space, column-row-depth its pixel_shuffle. */
    private static void depthToSpace(Call call, Mil mil) {
        Var x = call.in(0);
        long block = call.integer("blocksize");
        boolean depthFirst = call.text("mode", "DCR").equals("DCR");
        long[] s = x.sizes();
        List<Dim> shape = Shapes.of(s[0], s[1] / (block * block), s[2] * block, s[3] * block);
        call.result(
                depthFirst
                        ? mil.out.write(
                                "depth_to_space", Map.of("x", x, "block_size", mil.integer(block)), x.element(), shape)
                        : mil.out.write(
                                "pixel_shuffle",
                                Map.of("x", x, "upscale_factor", mil.integer(block)),
                                x.element(),
                                shape));
    }

    private static void spaceToDepth(Call call, Mil mil) {
        Var x = call.in(0);
        long block = call.integer("blocksize");
        long[] s = x.sizes();
        call.result(mil.out.write(
                "space_to_depth",
                Map.of("x", x, "block_size", mil.integer(block)),
                x.element(),
                Shapes.of(s[0], s[1] * block * block, s[2] / block, s[3] / block)));
    }

    /** A triangle is picked with a constant mask; MIL's band_part would multiply by zero, which NaN survives. */
    private static void triangle(Call call, Mil mil) {
        Var x = call.in(0);
        boolean upper = call.integer("upper", 1) != 0;
        long k = call.has(1) ? call.constant(1, "k").longAt(0) : 0;
        long rows = x.size(-2);
        long columns = x.size(-1);
        boolean[] keep = new boolean[Math.toIntExact(rows * columns)];
        for (int i = 0; i < keep.length; i++) {
            long distance = i % columns - i / columns;
            keep[i] = upper ? distance >= k : distance <= k;
        }
        Var mask = mil.constant(matrix(keep, rows, columns), "triangle");
        Var zero = x.isFlag() ? mil.flag(false) : mil.like(x, 0);
        call.result(mil.select(mask, x, zero), call.declared(0));
    }

    private static Tensor matrix(boolean[] flags, long rows, long columns) {
        Tensor tensor = Tensor.allocate(DType.BOOL, List.of(rows, columns));
        for (int i = 0; i < flags.length; i++) {
            tensor.set(i, flags[i] ? 1L : 0L);
        }
        return tensor;
    }

    private static void reverseSequence(Call call, Mil mil) {
        Var x = call.in(0);
        call.result(
                mil.out.write(
                        "reverse_sequence",
                        Map.of(
                                "x", x,
                                "lengths", call.in(1),
                                "seq_axis", mil.integer(call.integer("time_axis", 0)),
                                "batch_axis", mil.integer(call.integer("batch_axis", 1))),
                        x.element(),
                        x.shape()),
                call.declared(0));
    }
}
