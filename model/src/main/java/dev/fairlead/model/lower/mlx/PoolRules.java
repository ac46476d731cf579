package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.lower.mlx.IndexPrimitives.Write;
import dev.fairlead.model.lower.mlx.ReductionPrimitives.Fold;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Pools. MLX has no primitive for them: windows are a strided view of the padded input, reduced over the kernel's axes. */
final class PoolRules {
    private PoolRules() {}

    static void register(Rules rules) {
        rules.addAll("MaxPool", PoolRules::max);
        rules.add("AveragePool", PoolRules::average);
        rules.add("LpPool", PoolRules::lp);
        rules.add("GlobalMaxPool", (node, mlx) -> {
            Operand x = node.input(0);
            return mlx.max(x, Shapes.range(2, x.rank()));
        });
        rules.add("GlobalAveragePool", (node, mlx) -> {
            Operand x = node.input(0);
            return mlx.mean(x, Shapes.range(2, x.rank()));
        });
        rules.add("GlobalLpPool", (node, mlx) -> {
            Operand x = node.input(0);
            return norm(x, Shapes.range(2, x.rank()), node.integer("p", 2), mlx);
        });
        rules.add("MaxUnpool", PoolRules::unpool);
    }

    private static Padding padding(Operation node, Operand x) {
        List<Long> kernel = node.integers("kernel_shape").orElseThrow(() -> node.malformed("has no kernel_shape"));
        return Padding.of(node, x, kernel);
    }

    /** (N, C, windows…, kernel…). */
    private static Operand windows(Operation node, Operand x, Padding window, Operand value, Primitives mlx) {
        boolean ceil = node.flag("ceil_mode", false);
        List<Long> low = new ArrayList<>(List.of(0L, 0L));
        List<Long> high = new ArrayList<>(List.of(0L, 0L));
        List<Expression> shape = new ArrayList<>(x.shape().subList(0, 2));
        for (int i = 0; i < window.axes(); i++) {
            long size = x.fixed(i + 2);
            long count = window.windows(i, size, ceil);
            long needed = (count - 1) * window.strides().get(i)
                    + window.reach(i)
                    - size
                    - window.low().get(i);
            low.add(window.low().get(i));
            high.add(Math.max(window.high().get(i), needed));
            shape.add(Expression.of(count));
        }
        Operand padded = mlx.pad(x, low, high, value);
        List<Expression> rows = strides(padded.shape());
        List<Expression> strides = new ArrayList<>(rows.subList(0, 2));
        for (int i = 0; i < window.axes(); i++) {
            strides.add(
                    Shapes.times(rows.get(i + 2), Expression.of(window.strides().get(i))));
        }
        for (int i = 0; i < window.axes(); i++) {
            strides.add(Shapes.times(
                    rows.get(i + 2), Expression.of(window.dilations().get(i))));
            shape.add(Expression.of(window.kernel().get(i)));
        }
        return mlx.asStrided(padded, shape, strides, 0);
    }

    /** Row-major strides, in elements. */
    static List<Expression> strides(List<Expression> shape) {
        List<Expression> strides = new ArrayList<>();
        Expression stride = Shapes.ONE;
        for (Expression size : shape.reversed()) {
            strides.addFirst(stride);
            stride = Shapes.times(stride, size);
        }
        return strides;
    }

    private static List<Integer> kernelAxes(Padding window) {
        return Shapes.range(2 + window.axes(), 2 + 2 * window.axes());
    }

    private static List<Operand> max(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        Padding window = padding(node, x);
        Operand windows = windows(node, x, window, mlx.extreme(x.dtype(), false), mlx);
        List<Integer> axes = kernelAxes(window);
        Operand largest = mlx.squeeze(mlx.reduce(Fold.MAXIMUM, windows, axes), axes);
        return node.wants(1) ? List.of(largest, places(node, x, window, windows, mlx)) : List.of(largest);
    }

    /** Where in the whole input each maximum lies: the place in the window found now, its place in the image looked up. */
    private static Operand places(Operation node, Operand x, Padding window, Operand windows, Primitives mlx) {
        int axes = window.axes();
        List<Long> counts = windows.sizes().subList(2, 2 + axes);
        long taps = window.kernel().stream().reduce(1L, Math::multiplyExact);
        Expression all = Expression.of(taps);
        List<Expression> flat = new ArrayList<>(windows.shape().subList(0, 2 + axes));
        flat.add(all);
        Operand place = mlx.argReduce(true, mlx.reshape(windows, flat), 2 + axes);
        List<Long> shape = new ArrayList<>(counts);
        shape.add(taps);
        boolean columns = node.integer("storage_order", 0) == 1;
        Operand table = mlx.constant(table(x.sizes().subList(2, x.rank()), window, shape, columns));
        Operand inner = mlx.squeeze(mlx.takeAlong(mlx.broadcast(table, flat), place, 2 + axes), 2 + axes);
        long image = x.sizes().subList(2, x.rank()).stream().reduce(1L, Math::multiplyExact);
        Operand channels = mlx.multiply(mlx.arange(x.fixed(0) * x.fixed(1), DType.INT64), image);
        List<Expression> perImage = new ArrayList<>(x.shape().subList(0, 2));
        Operand offsets = mlx.expandDims(mlx.reshape(channels, perImage), Shapes.range(2, 2 + axes));
        return mlx.add(inner, offsets);
    }

    /** For each window and each place in it, the element's place in the image; 0 for padding, which is never the largest. */
    private static Tensor table(List<Long> image, Padding window, List<Long> shape, boolean columns) {
        Tensor table = Tensor.allocate(DType.INT64, shape);
        int axes = window.axes();
        for (long at = 0; at < table.elements(); at++) {
            long tap = at % shape.getLast();
            long place = at / shape.getLast();
            long[] position = new long[axes];
            boolean inside = true;
            for (int i = axes - 1; i >= 0; i--) {
                long t = tap % window.kernel().get(i);
                long w = place % shape.get(i);
                tap /= window.kernel().get(i);
                place /= shape.get(i);
                position[i] = w * window.strides().get(i)
                        + t * window.dilations().get(i)
                        - window.low().get(i);
                inside &= position[i] >= 0 && position[i] < image.get(i);
            }
            long index = 0;
            for (int i = 0; i < axes; i++) {
                int axis = columns ? axes - 1 - i : i;
                index = index * image.get(axis) + position[axis];
            }
            table.set(at, inside ? index : 0L);
        }
        return table;
    }

    private static Operand average(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        Padding window = padding(node, x);
        Operand windows = windows(node, x, window, mlx.like(x, 0), mlx);
        List<Integer> axes = kernelAxes(window);
        Operand sum = mlx.squeeze(mlx.sum(windows, axes), axes);
        return mlx.divide(sum, counts(node, x, window, windows.sizes().subList(2, 2 + window.axes()), mlx));
    }

    /** How many elements each window has: of the input, or of its padding too, but never beyond that. */
    private static Operand counts(Operation node, Operand x, Padding window, List<Long> shape, Primitives mlx) {
        boolean padded = node.flag("count_include_pad", false);
        Tensor counts = Tensor.allocate(x.dtype(), shape);
        double first = 0;
        boolean even = true;
        for (long at = 0; at < counts.elements(); at++) {
            long rest = at;
            double count = 1;
            for (int i = window.axes() - 1; i >= 0; i--) {
                long start = rest % shape.get(i) * window.strides().get(i)
                        - window.low().get(i);
                rest /= shape.get(i);
                long from = padded ? -window.low().get(i) : 0;
                long to = x.fixed(i + 2) + (padded ? window.high().get(i) : 0);
                long own = 0;
                for (long tap = 0; tap < window.kernel().get(i); tap++) {
                    long place = start + tap * window.dilations().get(i);
                    own += place >= from && place < to ? 1 : 0;
                }
                count *= own;
            }
            counts.set(at, count);
            first = at == 0 ? count : first;
            even &= count == first;
        }
        return even ? mlx.like(x, first) : mlx.constant(counts);
    }

    private static Operand lp(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        Padding window = padding(node, x);
        List<Integer> axes = kernelAxes(window);
        Operand windows = windows(node, x, window, mlx.like(x, 0), mlx);
        return mlx.squeeze(norm(windows, axes, node.integer("p", 2), mlx), axes);
    }

    /** (Σ |x|ᵖ)^(1/p) over axes that are kept. */
    static Operand norm(Operand x, List<Integer> axes, long p, Primitives mlx) {
        if (p == 1) {
            return mlx.sum(mlx.abs(x), axes);
        }
        if (p == 2) {
            return mlx.sqrt(mlx.sum(mlx.square(x), axes));
        }
        Operand powers = mlx.power(mlx.abs(x), mlx.like(x, p));
        return mlx.power(mlx.sum(powers, axes), mlx.like(x, 1.0 / p));
    }

    /** Indices count over the output that the pool's own attributes give; a larger one is filled up with zeros at the end. */
    private static Operand unpool(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        List<Long> kernel = node.integers("kernel_shape").orElseThrow(() -> node.malformed("has no kernel_shape"));
        Padding window = Padding.of(node, x, kernel);
        List<Long> inferred = new ArrayList<>(x.sizes().subList(0, 2));
        for (int i = 0; i < window.axes(); i++) {
            inferred.add((x.fixed(i + 2) - 1) * window.strides().get(i)
                    + window.kernel().get(i)
                    - window.low().get(i)
                    - window.high().get(i));
        }
        List<Expression> flat = List.of(Shapes.product(x.shape()));
        Operand empty = mlx.broadcast(mlx.like(x, 0), Shapes.of(Tensor.elements(inferred)));
        Operand indices = mlx.reshape(node.input(1), flat);
        Operand made = mlx.scatter(Write.REPLACE, empty, List.of(indices), mlx.reshape(x, flat));
        Operand image = mlx.reshape(made, Shapes.of(inferred));
        if (!node.has(2)) {
            return image;
        }
        List<Long> shape = node.integers(2, "the shape");
        List<Long> more = new ArrayList<>();
        for (int axis = 0; axis < shape.size(); axis++) {
            more.add(shape.get(axis) - inferred.get(axis));
        }
        return mlx.pad(image, Collections.nCopies(shape.size(), 0L), more, mlx.like(x, 0));
    }
}
