package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * Samples images (N, C, spatial…) at points: for each axis the points' coordinates in pixels, (N, points). Answers (N, C, points).
 *
 * @param mode {@code nearest}, {@code linear} or {@code cubic}
 * @param padding what lies outside: {@code zeros}, {@code border} or {@code reflection}
 * @param corners whether an axis ends at the centres of its last pixels, not at their outer borders
 */
record Sampling(String mode, String padding, boolean corners, Primitives mlx) {
    /** One of the pixels around a point along one axis, and its weight there. */
    private record Tap(Operand place, Operand weight) {}

    Operand sample(Operand image, List<Operand> coordinates) {
        List<List<Tap>> taps = new ArrayList<>();
        for (int i = 0; i < coordinates.size(); i++) {
            taps.add(taps(settled(coordinates.get(i), image.fixed(i + 2)), image.fixed(i + 2)));
        }
        List<Expression> flat = List.of(
                image.size(0), image.size(1), Shapes.product(image.shape().subList(2, image.rank())));
        return sum(mlx.reshape(image, flat), image.sizes(), taps, 0, List.of());
    }

    /** A coordinate after rounding, and moved inside where the padding says so. */
    private Operand settled(Operand coordinate, long size) {
        Operand at = mode.equals("nearest") ? mlx.unary("Round", coordinate) : coordinate;
        return switch (padding) {
            case "zeros" -> at;
            case "border" -> {
                // between the last pixel's centre and the axis' end it stays, and only its pixels are moved
                double low = corners ? 0 : -0.5;
                double high = corners ? size - 1 : size - 0.5;
                Operand inside = mlx.minimum(mlx.maximum(at, 0), size - 1);
                Operand outside = mlx.or(mlx.less(at, low), mlx.greater(at, high));
                yield mlx.select(outside, inside, at);
            }
            case "reflection" -> reflected(at, size);
            default -> throw Refusal.of("no padding is called " + padding);
        };
    }

    /** Folded at the axis' ends until it is inside. */
    private Operand reflected(Operand at, long size) {
        double low = corners ? 0 : -0.5;
        double range = corners ? size - 1 : size;
        if (range == 0) {
            return mlx.multiply(at, 0);
        }
        Operand from = mlx.abs(mlx.add(at, -low));
        Operand within = mlx.binary("Remainder", from, mlx.like(at, 2 * range));
        Operand folded = mlx.minimum(within, mlx.subtract(2 * range, within));
        Operand outside = mlx.or(mlx.less(at, low), mlx.greater(at, low + range));
        return mlx.select(outside, mlx.add(folded, low), at);
    }

    private List<Tap> taps(Operand at, long size) {
        Operand one = mlx.like(at, 1);
        return switch (mode) {
            case "nearest" -> List.of(tap(at, one, size));
            case "linear" -> {
                Operand low = mlx.floor(at);
                Operand part = mlx.subtract(at, low);
                yield List.of(tap(low, mlx.subtract(1, part), size), tap(mlx.add(low, 1), part, size));
            }
            case "cubic" -> {
                Operand low = mlx.floor(at);
                Operand part = mlx.subtract(at, low);
                List<Tap> four = new ArrayList<>();
                for (int i = -1; i < 3; i++) {
                    Operand distance = mlx.abs(mlx.add(part, -i));
                    four.add(tap(mlx.add(low, i), i == 0 || i == 1 ? near(distance) : far(distance), size));
                }
                yield four;
            }
            default -> throw Refusal.of("no interpolation is called " + mode);
        };
    }

    /** Keys' kernel with a = −0.75 up to a distance of 1, and from 1 to 2. */
    private Operand near(Operand x) {
        Operand cubic = mlx.add(mlx.multiply(x, 1.25), -2.25);
        return mlx.add(mlx.multiply(mlx.multiply(cubic, x), x), 1);
    }

    private Operand far(Operand x) {
        Operand cubic = mlx.add(mlx.multiply(x, -0.75), 3.75);
        return mlx.add(mlx.multiply(mlx.add(mlx.multiply(cubic, x), -6), x), 3);
    }

    private Tap tap(Operand place, Operand weight, long size) {
        if (padding.equals("zeros")) {
            Operand outside = mlx.or(mlx.less(place, 0), mlx.greater(place, size - 1));
            Operand kept = mlx.select(outside, mlx.like(weight, 0), weight);
            return new Tap(held(place, size), kept);
        }
        if (padding.equals("reflection")) {
            return new Tap(held(reflected(place, size), size), weight);
        }
        return new Tap(held(place, size), weight);
    }

    private Operand held(Operand place, long size) {
        return mlx.cast(mlx.minimum(mlx.maximum(place, 0), size - 1), DType.INT64);
    }

    /** Over every combination of taps, one an axis. */
    private Operand sum(Operand flat, List<Long> sizes, List<List<Tap>> taps, int axis, List<Tap> chosen) {
        if (axis == taps.size()) {
            Operand index = null;
            Operand weight = null;
            for (int i = 0; i < chosen.size(); i++) {
                Tap tap = chosen.get(i);
                index = index == null ? tap.place() : mlx.add(mlx.multiply(index, sizes.get(i + 2)), tap.place());
                weight = weight == null ? tap.weight() : mlx.multiply(weight, tap.weight());
            }
            if (index == null || weight == null) {
                throw Refusal.of("an image without axes");
            }
            List<Expression> shape = List.of(flat.size(0), flat.size(1), index.size(1));
            Operand picked = mlx.takeAlong(flat, mlx.broadcast(mlx.expandDims(index, 1), shape), 2);
            return weight.rank() == 0 ? mlx.multiply(picked, weight) : mlx.multiply(picked, mlx.expandDims(weight, 1));
        }
        Operand total = null;
        for (Tap tap : taps.get(axis)) {
            List<Tap> more = new ArrayList<>(chosen);
            more.add(tap);
            Operand part = sum(flat, sizes, taps, axis + 1, more);
            total = total == null ? part : mlx.add(total, part);
        }
        if (total == null) {
            throw Refusal.of("an axis without taps");
        }
        return total;
    }
}
