package dev.fairlead.model.lower.mlx;

import java.util.ArrayList;
import java.util.List;

/** Resize of all opsets and Upsample, one axis after the other. */
final class ResizeRules {
    private ResizeRules() {}

    static void register(Rules rules) {
        rules.add("Resize", ResizeRules::resize);
        rules.add("Upsample", (node, mlx) -> {
            Operand x = node.input(0);
            List<Double> scales = node.has(1)
                    ? node.reals(1, "the scales")
                    : node.reals("scales").orElseThrow(() -> node.malformed("has no scales")).stream()
                            .map(Float::doubleValue)
                            .toList();
            return run(node, x, scaled(node, x, scales, Shapes.range(0, x.rank())), mlx);
        });
    }

    private static Operand resize(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        if (node.opset() < 11) {
            return run(node, x, scaled(node, x, node.reals(1, "the scales"), Shapes.range(0, x.rank())), mlx);
        }
        List<Integer> axes = node.integers("axes")
                .map(list ->
                        list.stream().map(axis -> node.axis(axis, x.rank())).toList())
                .orElseGet(() -> Shapes.range(0, x.rank()));
        boolean bySizes = node.has(3) && !node.integers(3, "the sizes").isEmpty();
        List<ResizeAxis> resized = bySizes
                ? sized(node, x, node.integers(3, "the sizes"), axes)
                : scaled(node, x, node.reals(2, "the scales"), axes);
        return run(node, x, resized, mlx);
    }

    /** All of the input's axes, those that aren't named as they are. */
    private static List<ResizeAxis> scaled(Operation node, Operand x, List<Double> scales, List<Integer> axes) {
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < axes.size(); i++) {
            sizes.add((long) Math.floor(scales.get(i) * x.fixed(axes.get(i))));
        }
        return all(node, x, sizes, scales, axes);
    }

    private static List<ResizeAxis> sized(Operation node, Operand x, List<Long> wanted, List<Integer> axes) {
        List<Double> scales = new ArrayList<>();
        for (int i = 0; i < axes.size(); i++) {
            scales.add((double) wanted.get(i) / x.fixed(axes.get(i)));
        }
        String policy = node.text("keep_aspect_ratio_policy", "stretch");
        if (policy.equals("stretch")) {
            return all(node, x, wanted, scales, axes);
        }
        double least = scales.stream().min(Double::compare).orElse(1.0);
        double most = scales.stream().max(Double::compare).orElse(1.0);
        double common = switch (policy) {
            case "not_larger" -> least;
            case "not_smaller" -> most;
            default -> throw Refusal.of("no aspect ratio is kept by " + policy);
        };
        List<Long> sizes = axes.stream()
                .map(axis -> (long) Math.floor(common * x.fixed(axis) + 0.5))
                .toList();
        return all(node, x, sizes, axes.stream().map(axis -> common).toList(), axes);
    }

    private static List<ResizeAxis> all(
            Operation node, Operand x, List<Long> sizes, List<Double> scales, List<Integer> axes) {
        boolean cropped = node.text("coordinate_transformation_mode", "").equals("tf_crop_and_resize");
        List<Double> roi = cropped ? node.reals(1, "the region of interest") : List.of();
        List<ResizeAxis> resized = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            int place = axes.indexOf(axis);
            long size = x.fixed(axis);
            resized.add(
                    place < 0
                            ? new ResizeAxis(node, size, size, 1, 0, 1)
                            : new ResizeAxis(
                                    node,
                                    size,
                                    sizes.get(place),
                                    scales.get(place),
                                    cropped ? roi.get(place) : 0,
                                    cropped ? roi.get(place + axes.size()) : 1));
        }
        return resized;
    }

    private static Operand run(Operation node, Operand x, List<ResizeAxis> axes, Primitives mlx) {
        String mode = node.text("mode", "nearest");
        Operand made = x;
        for (int axis = 0; axis < x.rank(); axis++) {
            ResizeAxis resized = axes.get(axis);
            if (!resized.isIdentity()) {
                made = along(made, axis, resized, mode, mlx);
            }
        }
        Operand value = mlx.like(x, node.real("extrapolation_value", 0));
        for (int axis = 0; axis < x.rank(); axis++) {
            ResizeAxis resized = axes.get(axis);
            if (!resized.isIdentity() && resized.isCropped()) {
                Operand mask = mlx.constant(resized.outside());
                made = mlx.select(mlx.expandDims(mask, Shapes.range(1, x.rank() - axis)), value, made);
            }
        }
        return made;
    }

    private static Operand along(Operand x, int axis, ResizeAxis resized, String mode, Primitives mlx) {
        return switch (mode) {
            case "nearest" -> mlx.take(x, mlx.integers(resized.nearest()), axis);
            case "linear", "cubic" -> {
                if (!x.isFloating()) {
                    throw Refusal.of("interpolation of " + x.dtype().text());
                }
                Operand matrix = mlx.constant(resized.matrix(x.dtype(), mode.equals("cubic")));
                if (x.rank() == 1) {
                    yield MatmulRules.matmul(x, matrix, mlx);
                }
                Operand last = mlx.moveAxis(x, axis, x.rank() - 1);
                yield mlx.moveAxis(mlx.matmul(last, matrix), x.rank() - 1, axis);
            }
            default -> throw Refusal.of("no interpolation is called " + mode);
        };
    }
}
