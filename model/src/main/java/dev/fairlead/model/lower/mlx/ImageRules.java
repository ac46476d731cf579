package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.lower.mlx.IndexPrimitives.Write;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Operators that sample images at computed places. */
final class ImageRules {
    private ImageRules() {}

    static void register(Rules rules) {
        rules.add("GridSample", ImageRules::gridSample);
        rules.add("AffineGrid", ImageRules::affineGrid);
        rules.add("DeformConv", ImageRules::deformed);
        rules.add("RoiAlign", ImageRules::roiAlign);
        rules.add("Col2Im", ImageRules::columns);
    }

    /** The grid's last axis counts the image's axes from the last. */
    private static Operand gridSample(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        Operand grid = node.input(1);
        boolean corners = node.flag("align_corners", false);
        int axes = x.rank() - 2;
        int last = grid.rank() - 1;
        List<Expression> between = grid.shape().subList(1, last);
        List<Expression> flat = List.of(grid.size(0), Shapes.product(between));
        List<Operand> coordinates = new ArrayList<>();
        for (int i = 0; i < axes; i++) {
            long size = x.fixed(i + 2);
            long place = axes - 1L - i;
            Operand normal = mlx.reshape(mlx.slice(grid, last, place, place + 1), flat);
            Operand up = mlx.add(normal, 1);
            coordinates.add(
                    corners
                            ? mlx.multiply(up, (size - 1) / 2.0)
                            : mlx.multiply(mlx.add(mlx.multiply(up, size), -1), 0.5));
        }
        String mode = switch (node.text("mode", "linear")) {
            case "bilinear" -> "linear";
            case "bicubic" -> "cubic";
            default -> node.text("mode", "linear");
        };
        Sampling sampling = new Sampling(mode, node.text("padding_mode", "zeros"), corners, mlx);
        List<Expression> shape = new ArrayList<>(x.shape().subList(0, 2));
        shape.addAll(between);
        return mlx.reshape(sampling.sample(x, coordinates), shape);
    }

    /** θ times the homogeneous coordinates of a regular grid, x first. */
    private static Operand affineGrid(Operation node, Primitives mlx) {
        Operand theta = node.input(0);
        List<Long> size = node.integers(1, "the size");
        boolean corners = node.flag("align_corners", false);
        List<Long> image = size.subList(2, size.size());
        int axes = image.size();
        long points = Tensor.elements(image);
        Tensor grid = Tensor.allocate(theta.dtype(), List.of(axes + 1L, points));
        for (long point = 0; point < points; point++) {
            long rest = point;
            for (int axis = axes - 1; axis >= 0; axis--) {
                double extent = image.get(axis);
                double place = rest % image.get(axis);
                rest /= image.get(axis);
                double at = corners ? 2 * place / (extent - 1) - 1 : (2 * place + 1) / extent - 1;
                grid.set((axes - 1 - axis) * points + point, at);
            }
            grid.set(axes * points + point, 1.0);
        }
        List<Expression> shape = new ArrayList<>(List.of(theta.size(0)));
        shape.addAll(Shapes.of(image));
        shape.add(Expression.of(axes));
        return mlx.reshape(mlx.swapped(mlx.matmul(theta, mlx.constant(grid))), shape);
    }

    /** A convolution whose taps are moved by offsets: each is sampled, and a product of matrices sums them. */
    private static Operand deformed(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        Operand weight = node.input(1);
        Operand offset = node.input(2);
        if (x.rank() != 4) {
            throw Refusal.of("a deformable convolution over " + (x.rank() - 2) + " axes");
        }
        long groups = node.integer("group", 1);
        long offsetGroups = node.integer("offset_group", 1);
        Padding window = Padding.of(node, x, weight.sizes().subList(2, 4));
        long taps = window.kernel().get(0) * window.kernel().get(1);
        Expression height = offset.size(2);
        Expression width = offset.size(3);
        Expression points = Expression.of(taps * offset.fixed(2) * offset.fixed(3));
        List<Expression> laid =
                List.of(x.size(0), Expression.of(offsetGroups), Expression.of(taps), Expression.of(2), height, width);
        Operand moves = mlx.reshape(offset, laid);
        List<Operand> sampled = new ArrayList<>();
        long channels = x.fixed(1) / offsetGroups;
        for (long group = 0; group < offsetGroups; group++) {
            Operand own = mlx.squeeze(mlx.slice(moves, 1, group, group + 1), 1);
            List<Operand> coordinates = new ArrayList<>();
            for (int axis = 0; axis < 2; axis++) {
                Operand move = mlx.squeeze(mlx.slice(own, 2, axis, axis + 1), 2);
                Operand base = mlx.constant(base(window, axis, offset, x.dtype()));
                coordinates.add(mlx.reshape(mlx.add(move, base), List.of(x.size(0), points)));
            }
            Sampling sampling = new Sampling("linear", "zeros", true, mlx);
            Operand part = mlx.slice(x, 1, group * channels, (group + 1) * channels);
            Operand values = sampling.sample(part, coordinates);
            if (node.has(4)) {
                Operand mask = mlx.slice(node.input(4), 1, group * taps, (group + 1) * taps);
                values = mlx.multiply(values, mlx.expandDims(mlx.reshape(mask, List.of(x.size(0), points)), 1));
            }
            sampled.add(values);
        }
        Expression places = Shapes.times(height, width);
        Operand all = mlx.reshape(
                mlx.concatenate(sampled, 1),
                List.of(x.size(0), Expression.of(groups), Expression.of(weight.fixed(1) * taps), places));
        Operand rows = mlx.reshape(
                weight,
                List.of(
                        Expression.of(groups),
                        Expression.of(weight.fixed(0) / groups),
                        Expression.of(weight.fixed(1) * taps)));
        Operand made = mlx.reshape(mlx.matmul(rows, all), List.of(x.size(0), weight.size(0), height, width));
        return node.has(3) ? mlx.add(made, ConvolutionRules.perChannel(node.input(3), 4, mlx)) : made;
    }

    /** Where each tap of each window lies without offsets, along one axis: (taps, height, width). */
    private static Tensor base(Padding window, int axis, Operand offset, DType dtype) {
        long height = offset.fixed(2);
        long width = offset.fixed(3);
        long taps = window.kernel().get(0) * window.kernel().get(1);
        Tensor base = Tensor.allocate(dtype, List.of(taps, height, width));
        for (long i = 0; i < base.elements(); i++) {
            long tap = i / (height * width);
            long own = axis == 0
                    ? tap / window.kernel().get(1)
                    : tap % window.kernel().get(1);
            long place = axis == 0 ? i / width % height : i % width;
            double at = place * window.strides().get(axis)
                    + own * window.dilations().get(axis)
                    - window.low().get(axis);
            base.set(i, at);
        }
        return base;
    }

    /** Samples on a fixed grid in each bin, then their mean, or their largest weighted corner. */
    private static Operand roiAlign(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        long ratio = node.integer("sampling_ratio", 0);
        if (ratio <= 0) {
            throw Refusal.of("how many samples a bin has depends on data");
        }
        long rows = node.integer("output_height", 1);
        long columns = node.integer("output_width", 1);
        boolean half = node.opset() >= 16
                && node.text("coordinate_transformation_mode", "half_pixel").equals("half_pixel");
        Operand rois = mlx.multiply(node.input(1), node.real("spatial_scale", 1));
        Operand moved = half ? mlx.add(rois, -0.5) : rois;
        Expression count = rois.size(0);
        Line y = line(moved, 1, rows, ratio, x.fixed(2), half, mlx);
        Line across = line(moved, 0, columns, ratio, x.fixed(3), half, mlx);
        Operand images = mlx.take(x, node.input(2), 0);
        Expression places = Expression.of(rows * ratio * columns * ratio);
        Operand flat = mlx.reshape(images, List.of(count, x.size(1), Shapes.times(x.size(2), x.size(3))));
        boolean mean = node.text("mode", "avg").equals("avg");
        Operand made = null;
        for (int corner = 0; corner < 4; corner++) {
            Operand row = corner < 2 ? y.low() : y.high();
            Operand column = corner % 2 == 0 ? across.low() : across.high();
            Operand first = corner < 2 ? mlx.subtract(1, y.part()) : y.part();
            Operand second = corner % 2 == 0 ? mlx.subtract(1, across.part()) : across.part();
            Operand index = mlx.add(mlx.expandDims(mlx.multiply(row, x.fixed(3)), 2), mlx.expandDims(column, 1));
            Operand weight = mlx.multiply(
                    mlx.expandDims(mlx.multiply(first, y.inside()), 2),
                    mlx.expandDims(mlx.multiply(second, across.inside()), 1));
            Operand spread = mlx.broadcast(
                    mlx.expandDims(mlx.reshape(index, List.of(count, places)), 1), List.of(count, x.size(1), places));
            Operand value = mlx.multiply(
                    mlx.takeAlong(flat, spread, 2), mlx.expandDims(mlx.reshape(weight, List.of(count, places)), 1));
            if (made == null) {
                made = value;
            } else {
                made = mean ? mlx.add(made, value) : mlx.maximum(made, value);
            }
        }
        if (made == null) {
            throw new IllegalStateException("four corners gave nothing");
        }
        Expression g = Expression.of(ratio);
        Operand bins = mlx.reshape(made, List.of(count, x.size(1), Expression.of(rows), g, Expression.of(columns), g));
        List<Integer> samples = List.of(3, 5);
        return mlx.squeeze(mean ? mlx.mean(bins, samples) : mlx.max(bins, samples), samples);
    }

    /** The samples along one axis, (rois, bins · ratio): the pixels around each, the part towards the higher, and 1 inside, else 0. */
    private record Line(Operand low, Operand high, Operand part, Operand inside) {}

    private static Line line(Operand rois, int column, long bins, long ratio, long size, boolean half, Primitives mlx) {
        Operand start = mlx.slice(rois, 1, column, column + 1);
        Operand end = mlx.slice(rois, 1, column + 2, column + 3);
        Operand extent = mlx.subtract(end, start);
        Operand wide = half ? extent : mlx.maximum(extent, 1);
        Tensor parts = Tensor.allocate(rois.dtype(), List.of(1L, bins * ratio));
        for (long i = 0; i < bins * ratio; i++) {
            parts.set(i, (i + 0.5) / (bins * ratio));
        }
        Operand at = mlx.add(start, mlx.multiply(wide, mlx.constant(parts)));
        Operand outside = mlx.or(mlx.less(at, -1), mlx.greater(at, size));
        Operand held = mlx.minimum(mlx.maximum(at, 0), size - 1);
        Operand low = mlx.floor(held);
        Operand high = mlx.minimum(mlx.add(low, 1), size - 1);
        return new Line(
                mlx.cast(low, DType.INT64),
                mlx.cast(high, DType.INT64),
                mlx.subtract(held, low),
                mlx.cast(mlx.not(outside), rois.dtype()));
    }

    /** Blocks are added into a padded image, which is then cut. */
    private static Operand columns(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        List<Long> image = node.integers(1, "the image's shape");
        List<Long> block = node.integers(2, "the block's shape");
        int axes = image.size();
        List<Long> strides = node.integers("strides").orElseGet(() -> Collections.nCopies(axes, 1L));
        List<Long> dilations = node.integers("dilations").orElseGet(() -> Collections.nCopies(axes, 1L));
        List<Long> pads = node.integers("pads").orElseGet(() -> Collections.nCopies(2 * axes, 0L));
        List<Long> padded = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        for (int i = 0; i < axes; i++) {
            padded.add(image.get(i) + pads.get(i) + pads.get(i + axes));
            counts.add((padded.get(i) - (block.get(i) - 1) * dilations.get(i) - 1) / strides.get(i) + 1);
        }
        long taps = Tensor.elements(block);
        long places = Tensor.elements(counts);
        Tensor indices = Tensor.allocate(DType.INT64, List.of(taps * places));
        for (long i = 0; i < taps * places; i++) {
            long tap = i / places;
            long place = i % places;
            long index = 0;
            long stride = 1;
            for (int axis = axes - 1; axis >= 0; axis--) {
                long at = place % counts.get(axis) * strides.get(axis) + tap % block.get(axis) * dilations.get(axis);
                index += at * stride;
                stride *= padded.get(axis);
                place /= counts.get(axis);
                tap /= block.get(axis);
            }
            indices.set(i, index);
        }
        Expression channels = Expression.of(x.fixed(1) / taps);
        Expression all = Shapes.times(x.size(0), channels);
        Operand updates = mlx.transpose(mlx.reshape(x, List.of(all, Expression.of(taps * places))), List.of(1, 0));
        Operand empty = mlx.broadcast(mlx.like(x, 0), List.of(Expression.of(Tensor.elements(padded)), all));
        Operand made = mlx.scatter(Write.ADD, empty, List.of(mlx.constant(indices)), updates);
        List<Expression> shape = new ArrayList<>(List.of(x.size(0), channels));
        shape.addAll(Shapes.of(padded));
        Operand cut = mlx.reshape(mlx.transpose(made, List.of(1, 0)), shape);
        for (int i = 0; i < axes; i++) {
            cut = mlx.slice(cut, i + 2, pads.get(i), pads.get(i) + image.get(i));
        }
        return cut;
    }
}
