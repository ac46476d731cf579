package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Operators that keep all elements and change how they are laid out, and those that tell shapes. */
final class ShapeKernels {
    private ShapeKernels() {}

    static void register(Kernels kernels) {
        kernels.add("Identity", call -> List.of(call.datum(0)));
        kernels.add("Reshape", ShapeKernels::reshape);
        kernels.add("Flatten", call -> {
            int[] shape = call.array(0).shape();
            int axis = (int) call.integer("axis", 1);
            int split = axis < 0 ? axis + shape.length : axis;
            if (split < 0 || split > shape.length) {
                throw call.malformed("axis " + axis + " of rank " + shape.length);
            }
            int[] flat = {Shapes.size(shape, 0, split), Shapes.size(shape, split, shape.length)};
            return Elementwise.one(Elements.reshaped(call.array(0), flat));
        });
        kernels.add("Transpose", ShapeKernels::transpose);
        kernels.add("Squeeze", ShapeKernels::squeeze);
        kernels.add("Unsqueeze", ShapeKernels::unsqueeze);
        kernels.add("Expand", call -> {
            int[] shape = Shapes.broadcast(call, call.array(0).shape(), Shapes.of(call, call.longs(1)));
            return Elementwise.one(Elements.broadcast(call.array(0), shape));
        });
        kernels.add("Tile", ShapeKernels::tile);
        kernels.add("Shape", ShapeKernels::shape);
        kernels.add(
                "Size",
                call -> Elementwise.one(
                        Array.scalar(DType.INT64, (long) call.array(0).size())));
        kernels.add("DepthToSpace", ShapeKernels::depthToSpace);
        kernels.add("SpaceToDepth", ShapeKernels::spaceToDepth);
    }

    /** Axes from the attribute or an input; absent where the node has neither. */
    private static Optional<List<Long>> axes(Call call) {
        return call.integers("axes")
                .or(() -> call.has(1)
                        ? Optional.of(Arrays.stream(call.longs(1)).boxed().toList())
                        : Optional.empty());
    }

    /** A zero keeps the input's size unless {@code allowzero}; -1 takes what is left. */
    private static List<Datum> reshape(Call call) {
        Array array = call.array(0);
        long[] wanted = call.opset() < 5
                ? call.integers("shape").orElse(List.of()).stream()
                        .mapToLong(Long::longValue)
                        .toArray()
                : call.longs(1).clone();
        boolean allowsZero = call.integer("allowzero", 0) != 0;
        int open = -1;
        long known = 1;
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i] == 0 && !allowsZero) {
                if (i >= array.rank()) {
                    throw call.malformed("shape " + Arrays.toString(wanted) + " copies a size that is not there");
                }
                wanted[i] = array.shape()[i];
            }
            if (wanted[i] == -1 && open < 0) {
                open = i;
            } else {
                known *= wanted[i];
            }
        }
        if (open >= 0) {
            if (known == 0 || array.size() % known != 0) {
                throw call.malformed(
                        "%d elements do not fit shape %s".formatted(array.size(), Arrays.toString(wanted)));
            }
            wanted[open] = array.size() / known;
        }
        int[] shape = Shapes.of(call, wanted);
        if (Array.size(shape) != array.size()) {
            throw call.malformed("%d elements do not fit shape %s".formatted(array.size(), Arrays.toString(wanted)));
        }
        return Elementwise.one(Elements.reshaped(array, shape));
    }

    private static List<Datum> transpose(Call call) {
        Array array = call.array(0);
        int[] order = call.integers("perm")
                .map(perm -> perm.stream()
                        .mapToInt(axis -> Shapes.axis(call, axis, array.rank()))
                        .toArray())
                .orElseGet(() -> {
                    int[] reversed = new int[array.rank()];
                    Arrays.setAll(reversed, i -> array.rank() - 1 - i);
                    return reversed;
                });
        if (Arrays.stream(order).distinct().count() != array.rank()) {
            throw call.malformed("perm " + Arrays.toString(order) + " is no order of " + array.rank() + " axes");
        }
        return Elementwise.one(permuted(array, order));
    }

    static Array permuted(Array array, int[] order) {
        int[] shape = Shapes.permuted(array.shape(), order);
        int[] strides = Shapes.permuted(Shapes.strides(array.shape()), order);
        return Elements.pick(array, shape, Shapes.indices(shape, strides, 0));
    }

    private static List<Datum> squeeze(Call call) {
        Array array = call.array(0);
        int[] axes = axes(call)
                .map(given -> Shapes.axes(call, given, array.rank()))
                .orElseGet(() -> Arrays.stream(Shapes.all(array.rank()))
                        .filter(axis -> array.shape()[axis] == 1)
                        .toArray());
        for (int axis : axes) {
            if (array.shape()[axis] != 1) {
                throw call.malformed("axis " + axis + " of " + Arrays.toString(array.shape()) + " is not of size 1");
            }
        }
        return Elementwise.one(Elements.reshaped(array, Shapes.without(array.shape(), axes)));
    }

    private static List<Datum> unsqueeze(Call call) {
        Array array = call.array(0);
        List<Long> given = axes(call).orElseThrow(() -> call.malformed("axes are missing"));
        int[] axes = Shapes.axes(call, given, array.rank() + given.size());
        int[] shape = new int[array.rank() + axes.length];
        int next = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = Arrays.binarySearch(axes, axis) >= 0 ? 1 : array.shape()[next++];
        }
        return Elementwise.one(Elements.reshaped(array, shape));
    }

    private static List<Datum> tile(Call call) {
        Array array = call.array(0);
        int[] repeats;
        if (call.opset() < 6) {
            // The first version repeated one axis.
            repeats = new int[array.rank()];
            Arrays.fill(repeats, 1);
            repeats[Shapes.axis(call, call.onlyLong(2), array.rank())] = (int) call.onlyLong(1);
        } else {
            repeats = Shapes.of(call, call.longs(1));
        }
        if (repeats.length != array.rank()) {
            throw call.malformed(repeats.length + " repeats for rank " + array.rank());
        }
        // Each axis becomes two, the outer one with stride 0.
        int rank = array.rank();
        int[] own = Shapes.strides(array.shape());
        int[] shape = new int[2 * rank];
        int[] strides = new int[2 * rank];
        int[] joined = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            shape[2 * axis] = repeats[axis];
            shape[2 * axis + 1] = array.shape()[axis];
            strides[2 * axis + 1] = own[axis];
            joined[axis] = Math.multiplyExact(repeats[axis], array.shape()[axis]);
        }
        return Elementwise.one(Elements.pick(array, joined, Shapes.indices(shape, strides, 0)));
    }

    private static List<Datum> shape(Call call) {
        int[] shape = call.array(0).shape();
        int start = bound(call.integer("start", 0), shape.length);
        int end = bound(call.integer("end", shape.length), shape.length);
        long[] part = Arrays.stream(Arrays.copyOfRange(shape, start, Math.max(start, end)))
                .asLongStream()
                .toArray();
        return Elementwise.one(new Array.Integers(DType.INT64, new int[] {part.length}, part));
    }

    private static int bound(long bound, int rank) {
        return Math.clamp(bound < 0 ? bound + rank : bound, 0, rank);
    }

    private static List<Datum> depthToSpace(Call call) {
        Array array = call.array(0);
        int[] s = fourAxes(call, array);
        int block = Math.toIntExact(call.integer("blocksize"));
        if (block <= 0 || s[1] % (block * block) != 0) {
            throw call.malformed("blocksize " + block + " for " + s[1] + " channels");
        }
        int depth = s[1] / (block * block);
        boolean columnFirst = call.text("mode", "DCR").equals("CRD");
        int[] split = columnFirst
                ? new int[] {s[0], depth, block, block, s[2], s[3]}
                : new int[] {s[0], block, block, depth, s[2], s[3]};
        int[] order = columnFirst ? new int[] {0, 1, 4, 2, 5, 3} : new int[] {0, 3, 4, 1, 5, 2};
        Array moved = permuted(Elements.reshaped(array, split), order);
        return Elementwise.one(Elements.reshaped(moved, new int[] {s[0], depth, s[2] * block, s[3] * block}));
    }

    private static List<Datum> spaceToDepth(Call call) {
        Array array = call.array(0);
        int[] s = fourAxes(call, array);
        int block = Math.toIntExact(call.integer("blocksize"));
        if (block <= 0 || s[2] % block != 0 || s[3] % block != 0) {
            throw call.malformed("blocksize " + block + " for " + Arrays.toString(s));
        }
        int[] split = {s[0], s[1], s[2] / block, block, s[3] / block, block};
        Array moved = permuted(Elements.reshaped(array, split), new int[] {0, 3, 5, 1, 2, 4});
        return Elementwise.one(
                Elements.reshaped(moved, new int[] {s[0], s[1] * block * block, s[2] / block, s[3] / block}));
    }

    private static int[] fourAxes(Call call, Array array) {
        if (array.rank() != 4) {
            throw call.malformed("input 0 has rank " + array.rank() + ", expected 4");
        }
        return array.shape();
    }
}
