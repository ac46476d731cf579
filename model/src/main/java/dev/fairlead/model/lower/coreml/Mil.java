package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The operations of MIL that rules use, with the types that they make: here those that move numbers around. */
final class Mil extends Arithmetic {
    /** Core ML's tensors have no more axes. */
    static final int MAX_RANK = 5;

    Mil(Emitter out) {
        super(out);
    }

    /** Picks from a where the condition holds, else from b; all three broadcast. */
    Var select(Var condition, Var a, Var b) {
        requireSame(a, b, "select");
        List<Dim> branches = Shapes.broadcast(a.shape(), b.shape());
        List<Dim> whole = Shapes.broadcast(condition.shape(), branches);
        // MIL's type of a select is that of its branches, so one of them takes on the whole shape.
        Var spread = whole.equals(branches) ? a : expand(a, whole);
        return out.write("select", Map.of("cond", condition, "a", spread, "b", b), b.element(), whole);
    }

    /** The value broadcast to a shape. */
    Var expand(Var x, List<Dim> shape) {
        if (x.shape().equals(shape) && !shape.contains(new Dim.Unknown())) {
            return x;
        }
        Var full = x;
        if (x.rank() < shape.size()) {
            int more = shape.size() - x.rank();
            full = expandDims(x, axes(0, more));
        }
        long[] reps = new long[shape.size()];
        for (int i = 0; i < reps.length; i++) {
            Dim have = full.shape().get(i);
            // Two sizes of which nothing is known need not be the same.
            if (have.equals(shape.get(i)) && !(have instanceof Dim.Unknown)) {
                reps[i] = 1;
            } else if (Shapes.isOne(have) && shape.get(i) instanceof Dim.Fixed(long size)) {
                reps[i] = size;
            } else {
                throw Refusals.unsupported(
                        "a broadcast from " + x.shape() + " to " + shape + ", whose size is not fixed");
            }
        }
        return tile(full, reps);
    }

    Var tile(Var x, long... reps) {
        if (Arrays.stream(reps).allMatch(rep -> rep == 1)) {
            return x;
        }
        List<Dim> shape = new ArrayList<>();
        for (int i = 0; i < reps.length; i++) {
            shape.add(
                    x.shape().get(i) instanceof Dim.Fixed(long size)
                            ? new Dim.Fixed(Math.multiplyExact(size, reps[i]))
                            : reps[i] == 1 ? x.shape().get(i) : new Dim.Unknown());
        }
        return out.write("tile", Map.of("x", x, "reps", ints(reps)), x.element(), shape);
    }

    /** Another shape of as many elements. */
    Var reshape(Var x, long... sizes) {
        if (x.shape().equals(Shapes.of(sizes))) {
            return x;
        }
        if (sizes.length > MAX_RANK) {
            // Core ML has no such tensor: it is only said what the elements of this one mean, until they are moved.
            return new Var(x.name(), x.element(), Shapes.of(sizes));
        }
        if (sizes.length == 0) {
            return squeeze(x.rank() == 1 ? x : reshape(x, 1), 0);
        }
        return out.write("reshape", Map.of("x", x, "shape", ints(sizes)), x.element(), Shapes.of(sizes));
    }

    /** A reshape to sizes of which one may be -1 and that is not fixed; 0 keeps a size. */
    Var reshape(Var x, long[] sizes, List<Dim> shape) {
        return out.write("reshape", Map.of("x", x, "shape", ints(sizes)), x.element(), shape);
    }

    /** A reshape to sizes that are computed. */
    Var reshape(Var x, Var sizes, List<Dim> shape) {
        return out.write("reshape", Map.of("x", x, "shape", sizes), x.element(), shape);
    }

    /** Inserts sizes of one at the axes of the result. */
    Var expandDims(Var x, int... axes) {
        if (axes.length == 0) {
            return x;
        }
        List<Dim> shape = new ArrayList<>(x.shape());
        int[] sorted = Arrays.stream(axes).sorted().toArray();
        for (int axis : sorted) {
            shape.add(axis, Shapes.ONE);
        }
        return out.write(
                "expand_dims",
                Map.of("x", x, "axes", ints(Arrays.stream(sorted).asLongStream().toArray())),
                x.element(),
                shape);
    }

    Var squeeze(Var x, int... axes) {
        if (axes.length == 0) {
            return x;
        }
        List<Dim> shape = new ArrayList<>(x.shape());
        int[] sorted = Arrays.stream(axes).map(axis -> x.axis(axis)).sorted().toArray();
        for (int i = sorted.length - 1; i >= 0; i--) {
            shape.remove(sorted[i]);
        }
        return out.write(
                "squeeze",
                Map.of("x", x, "axes", ints(Arrays.stream(sorted).asLongStream().toArray())),
                x.element(),
                shape);
    }

    Var transpose(Var x, int... permutation) {
        if (permutation.length > MAX_RANK) {
            return transposeMany(x, permutation);
        }
        List<Dim> shape = new ArrayList<>();
        boolean same = true;
        for (int i = 0; i < permutation.length; i++) {
            shape.add(x.shape().get(permutation[i]));
            same &= permutation[i] == i;
        }
        return same
                ? x
                : out.write(
                        "transpose",
                        Map.of(
                                "x",
                                x,
                                "perm",
                                ints(Arrays.stream(permutation).asLongStream().toArray())),
                        x.element(),
                        shape);
    }

    /** A transposition of more axes than Core ML has, of which those that stay neighbours are taken as one. */
    private Var transposeMany(Var x, int[] permutation) {
        List<Integer> starts = new ArrayList<>();
        for (int i = 0; i < permutation.length; i++) {
            if (i == 0 || permutation[i] != permutation[i - 1] + 1) {
                starts.add(permutation[i]);
            }
        }
        int[] order = starts.stream().mapToInt(Integer::intValue).sorted().toArray();
        long[] merged = new long[order.length];
        for (int i = 0; i < order.length; i++) {
            merged[i] = 1;
            int end = i + 1 < order.length ? order[i + 1] : permutation.length;
            for (int axis = order[i]; axis < end; axis++) {
                merged[i] *= x.size(axis);
            }
        }
        if (merged.length > MAX_RANK) {
            throw Refusals.unsupported(
                    "a transposition of " + merged.length + " axes, Core ML has at most " + MAX_RANK);
        }
        int[] moved = starts.stream()
                .mapToInt(start -> Arrays.binarySearch(order, start))
                .toArray();
        Var flat = out.write("reshape", Map.of("x", x, "shape", ints(merged)), x.element(), Shapes.of(merged));
        long[] sizes = Arrays.stream(permutation).mapToLong(x::size).toArray();
        return reshape(transpose(flat, moved), sizes);
    }

    /** The value with one axis moved to the end, and the permutation that moves it back. */
    Var moveLast(Var x, int axis) {
        int[] permutation = new int[x.rank()];
        for (int i = 0; i < permutation.length - 1; i++) {
            permutation[i] = i < axis ? i : i + 1;
        }
        permutation[permutation.length - 1] = axis;
        return transpose(x, permutation);
    }

    Var moveFromLast(Var x, int axis) {
        int[] permutation = new int[x.rank()];
        for (int i = 0; i < permutation.length; i++) {
            permutation[i] = i < axis ? i : i == axis ? permutation.length - 1 : i - 1;
        }
        return transpose(x, permutation);
    }

    Var concat(List<Var> values, int axis) {
        if (values.size() == 1) {
            return values.getFirst();
        }
        int at = values.getFirst().axis(axis);
        Dim total = new Dim.Fixed(0);
        List<Dim> shape = values.getFirst().shape();
        for (Var value : values) {
            requireSame(values.getFirst(), value, "concat");
            total = value.shape().get(at) instanceof Dim.Fixed(long size)
                    ? Shapes.plus(total, size)
                    : new Dim.Unknown();
            if (total instanceof Dim.Unknown) {
                break;
            }
        }
        return writeMany("concat", values, at, values.getFirst().element(), Shapes.with(shape, at, total));
    }

    /** Joins along a new axis. */
    Var stack(List<Var> values, int axis) {
        List<Dim> shape = new ArrayList<>(values.getFirst().shape());
        shape.add(axis, new Dim.Fixed(values.size()));
        return out.write(
                        "stack",
                        Map.of("values", values, "axis", List.of(integer(axis))),
                        List.of(out.fresh("stack", values.getFirst().element(), shape)),
                        List.of())
                .getFirst();
    }

    private Var writeMany(String type, List<Var> values, int axis, MilDataType element, List<Dim> shape) {
        Map<String, List<Var>> inputs = new TreeMap<>();
        inputs.put("values", values);
        inputs.put("axis", List.of(integer(axis)));
        inputs.put("interleave", List.of(flag(false)));
        return out.write(type, inputs, List.of(out.fresh(type, element, shape)), List.of())
                .getFirst();
    }

    List<Var> split(Var x, int axis, long... sizes) {
        if (sizes.length == 1) {
            return List.of(x);
        }
        int at = x.axis(axis);
        List<Var> parts = new ArrayList<>();
        for (long size : sizes) {
            parts.add(out.fresh("split", x.element(), Shapes.with(x.shape(), at, new Dim.Fixed(size))));
        }
        return out.write(
                "split",
                Map.of("x", List.of(x), "axis", List.of(integer(at)), "split_sizes", List.of(ints(sizes))),
                parts,
                List.of());
    }

    /** From begin to before end along one axis of known size, both counted from the front. */
    Var slice(Var x, int axis, long begin, long end) {
        long[] from = new long[x.rank()];
        long[] to = new long[x.rank()];
        boolean[] whole = new boolean[x.rank()];
        Arrays.fill(whole, true);
        int at = x.axis(axis);
        whole[at] = false;
        from[at] = begin;
        to[at] = end;
        if (x.isFixed(at) && begin == 0 && end == x.size(at)) {
            return x;
        }
        return slice(x, from, to, ones(x.rank()), whole, whole, Shapes.with(x.shape(), at, new Dim.Fixed(end - begin)));
    }

    /** MIL's slice; a mask ignores begin or end and takes all there is in the stride's direction. */
    Var slice(Var x, long[] begin, long[] end, long[] stride, boolean[] beginMask, boolean[] endMask, List<Dim> shape) {
        return out.write(
                "slice_by_index",
                Map.of(
                        "x", x,
                        "begin", ints(begin),
                        "end", ints(end),
                        "stride", ints(stride),
                        "begin_mask", flags(beginMask),
                        "end_mask", flags(endMask)),
                x.element(),
                shape);
    }

    /** One element of an axis, which goes. */
    Var at(Var x, int axis, long index) {
        return squeeze(slice(x, axis, index, index + 1), axis);
    }

    Var reverse(Var x, int... axes) {
        return unary(
                "reverse", x, "axes", ints(Arrays.stream(axes).asLongStream().toArray()));
    }

    /** Picks along an axis; indices count from the front, for operator sets differ in negative ones. */
    Var gather(Var x, Var indices, int axis) {
        if (x.isFlag()) {
            return cast(gather(cast(x, MilDataType.INT32), indices, axis), MilDataType.BOOL);
        }
        int at = x.axis(axis);
        List<Dim> shape = new ArrayList<>(x.shape().subList(0, at));
        shape.addAll(indices.shape());
        shape.addAll(x.shape().subList(at + 1, x.rank()));
        return out.write("gather", Map.of("x", x, "indices", indices, "axis", integer(at)), x.element(), shape);
    }

    Var gatherAlongAxis(Var x, Var indices, int axis) {
        if (x.isFlag()) {
            return cast(gatherAlongAxis(cast(x, MilDataType.INT32), indices, axis), MilDataType.BOOL);
        }
        return out.write(
                "gather_along_axis",
                Map.of("x", x, "indices", indices, "axis", integer(x.axis(axis))),
                x.element(),
                indices.shape());
    }

    /** Indices that may count from the end, counted from the front. */
    Var fromFront(Var indices, long size) {
        if (content(indices).isPresent()) {
            Tensor given = content(indices).get();
            Tensor made = Tensor.allocate(DType.INT32, given.shape());
            for (long i = 0; i < given.elements(); i++) {
                long index = given.longAt(i);
                made.set(i, index < 0 ? index + size : index);
            }
            return constant(made, indices.name() + "_from_front");
        }
        return select(less(indices, integer(0)), add(indices, integer(size)), indices);
    }

    /** Zeros or another constant around; begin and end for each axis. */
    Var pad(Var x, long[] begin, long[] end, double value) {
        if (Arrays.stream(begin).allMatch(n -> n == 0) && Arrays.stream(end).allMatch(n -> n == 0)) {
            return x;
        }
        if (!x.isReal()) {
            return padded(x, begin, end, value);
        }
        List<Dim> shape = new ArrayList<>();
        long[] pairs = new long[2 * x.rank()];
        for (int i = 0; i < x.rank(); i++) {
            shape.add(Shapes.plus(x.shape().get(i), begin[i] + end[i]));
            pairs[2 * i] = begin[i];
            pairs[2 * i + 1] = end[i];
        }
        return out.write(
                "pad",
                Map.of("x", x, "pad", ints(pairs), "mode", text("constant"), "constant_val", like(x, value)),
                x.element(),
                shape);
    }

    /** MIL pads floating numbers only; others get their border by concatenation. */
    private Var padded(Var x, long[] begin, long[] end, double value) {
        Var padded = x;
        for (int i = 0; i < x.rank(); i++) {
            List<Var> parts = new ArrayList<>();
            if (begin[i] > 0) {
                parts.add(filled(x.element(), value, Shapes.with(padded.shape(), i, new Dim.Fixed(begin[i]))));
            }
            parts.add(padded);
            if (end[i] > 0) {
                parts.add(filled(x.element(), value, Shapes.with(padded.shape(), i, new Dim.Fixed(end[i]))));
            }
            padded = concat(parts, i);
        }
        return padded;
    }

    /** A constant of a known shape. */
    Var filled(MilDataType element, double value, List<Dim> shape) {
        List<Long> sizes =
                Arrays.stream(new Var("", element, shape).sizes()).boxed().toList();
        return reals(element, sizes, i -> value);
    }

    Var matmul(Var x, Var y, boolean transposeX, boolean transposeY) {
        requireSame(x, y, "matmul");
        int last = x.rank() - 1;
        int other = y.rank() - 1;
        List<Dim> shape = new ArrayList<>(
                Shapes.broadcast(x.shape().subList(0, last - 1), y.shape().subList(0, other - 1)));
        shape.add(x.shape().get(transposeX ? last : last - 1));
        shape.add(y.shape().get(transposeY ? other - 1 : other));
        return out.write(
                "matmul",
                Map.of("x", x, "y", y, "transpose_x", flag(transposeX), "transpose_y", flag(transposeY)),
                x.element(),
                shape);
    }

    static long[] ones(int count) {
        long[] ones = new long[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
