package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sampling an image at computed places. */
final class SamplingRules {
    private SamplingRules() {}

    static void register(Rules rules) {
        rules.add("GridSample", SamplingRules::gridSample);
        rules.add("AffineGrid", SamplingRules::affineGrid);
        rules.add("Col2Im", SamplingRules::columnsToImage);
    }

    /**
     * What one axis of a grid reads.
     *
     * @param indices for each tap, inside the axis
     * @param weights for each tap
     */
    private record Taps(List<Var> indices, List<Var> weights) {}

    /** Every combination of the axes' taps, gathered from the flattened image and weighed. */
    private static void gridSample(Call call, Mil mil) {
        Var x = call.in(0);
        Var grid = call.in(1);
        int axes = x.rank() - 2;
        long batch = x.size(0);
        long channels = x.size(1);
        long places = grid.elements() / batch / axes;
        Var rows = mil.reshape(grid, batch, places, axes);
        boolean corners = call.isSet("align_corners");
        String mode = call.text("mode", "linear");
        String padding = call.text("padding_mode", "zeros");
        List<Taps> taps = new ArrayList<>();
        for (int i = 0; i < axes; i++) {
            // The grid's last axis counts coordinates from the innermost axis.
            Var normal = mil.reshape(mil.slice(rows, 2, axes - 1 - i, axes - i), batch, 1, places);
            taps.add(taps(normal, x.size(i + 2), mode, padding, corners, mil));
        }
        long image = x.elements() / batch / channels;
        Var flat = mil.reshape(x, batch, channels, image);
        Var sum = sum(flat, taps, x.sizes(), channels, mil);
        long[] shape = grid.sizes();
        long[] sizes = new long[x.rank()];
        sizes[0] = batch;
        sizes[1] = channels;
        System.arraycopy(shape, 1, sizes, 2, axes);
        call.result(mil.reshape(sum, sizes), call.declared(0));
    }

    private static Var sum(Var flat, List<Taps> taps, long[] sizes, long channels, Mil mil) {
        int combinations = taps.stream().mapToInt(axis -> axis.indices().size()).reduce(1, Math::multiplyExact);
        Var sum = null;
        for (int flatTap = 0; flatTap < combinations; flatTap++) {
            int rest = flatTap;
            Var index = null;
            Var weight = null;
            for (int i = 0; i < taps.size(); i++) {
                int tap = rest % taps.get(i).indices().size();
                rest /= taps.get(i).indices().size();
                Var along = taps.get(i).indices().get(tap);
                index = index == null ? along : mil.add(mil.mul(index, mil.integer(sizes[i + 2])), along);
                Var counts = taps.get(i).weights().get(tap);
                weight = weight == null ? counts : mil.mul(weight, counts);
            }
            if (index == null || weight == null) {
                throw Refusals.malformed("a grid without axes");
            }
            Var picked = mil.gatherAlongAxis(flat, mil.tile(index, 1, channels, 1), 2);
            Var part = mil.mul(picked, mil.cast(weight, flat.element()));
            sum = sum == null ? part : mil.add(sum, part);
        }
        if (sum == null) {
            throw Refusals.malformed("a grid without axes");
        }
        return sum;
    }

    private static Taps taps(Var normal, long size, String mode, String padding, boolean corners, Mil mil) {
        Var one = mil.like(normal, 1);
        Var half = mil.like(normal, 0.5);
        Var shifted = mil.add(normal, one);
        Var at = corners
                ? mil.mul(mil.mul(shifted, half), mil.like(normal, size - 1.0))
                : mil.mul(mil.sub(mil.mul(shifted, mil.like(normal, (double) size)), one), half);
        boolean nearest = mode.equals("nearest");
        at = nearest ? mil.unary("round", at) : at;
        double low = corners ? 0 : -0.5;
        double high = corners ? size - 1 : size - 0.5;
        at = bounded(at, size, padding, low, high, mil);
        if (nearest) {
            return taps(List.of(at), List.of(one), size, padding, low, high, mil);
        }
        Var floor = mil.unary("floor", at);
        Var rest = mil.sub(at, floor);
        boolean cubic = mode.endsWith("cubic");
        List<Var> places = new ArrayList<>();
        List<Var> weights = new ArrayList<>();
        for (int tap = cubic ? -1 : 0; tap <= (cubic ? 2 : 1); tap++) {
            places.add(mil.add(floor, mil.like(floor, tap)));
            weights.add(cubic ? cubic(rest, tap, mil) : tap == 0 ? mil.sub(one, rest) : rest);
        }
        return taps(places, weights, size, padding, low, high, mil);
    }

    private static Var bounded(Var at, long size, String padding, double low, double high, Mil mil) {
        return switch (padding) {
            case "border" -> clamped(at, 0, size - 1.0, mil);
            case "reflection" -> reflected(at, low, high, mil);
            case "zeros" -> at;
            default -> throw Refusals.malformed("an unknown padding_mode");
        };
    }

    /** The taps inside the image; with zeros around it those outside weigh nothing. */
    private static Taps taps(
            List<Var> places, List<Var> weights, long size, String padding, double low, double high, Mil mil) {
        List<Var> indices = new ArrayList<>();
        List<Var> counts = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            Var place = places.get(i);
            Var weight = weights.get(i);
            if (padding.equals("zeros")) {
                Var inside = mil.and(
                        mil.compare("greater_equal", place, mil.like(place, 0)),
                        mil.compare("less_equal", place, mil.like(place, size - 1.0)));
                weight = mil.mul(mil.cast(inside, place.element()), weight);
            } else if (padding.equals("reflection")) {
                place = reflected(place, low, high, mil);
            }
            // A cast truncates, as ONNX does with a reflected place.
            indices.add(mil.cast(clamped(place, 0, size - 1.0, mil), MilDataType.INT32));
            counts.add(weight);
        }
        return new Taps(indices, counts);
    }

    private static Var clamped(Var x, double low, double high, Mil mil) {
        return mil.min(mil.max(x, mil.like(x, low)), mil.like(x, high));
    }

    /** A triangle wave between the borders. */
    private static Var reflected(Var x, double low, double high, Mil mil) {
        double span = high - low;
        if (span == 0) {
            return mil.mul(x, mil.like(x, 0));
        }
        Var folded = mil.binary("mod", mil.sub(x, mil.like(x, low)), mil.like(x, 2 * span));
        Var wave = mil.sub(mil.like(x, span), mil.abs(mil.sub(folded, mil.like(x, span))));
        return mil.add(wave, mil.like(x, low));
    }

    /** Keys' cubic with −0.75 at a tap's distance. */
    private static Var cubic(Var rest, int tap, Mil mil) {
        double a = -0.75;
        Var d = tap <= 0 ? mil.add(rest, mil.like(rest, -tap)) : mil.sub(mil.like(rest, tap), rest);
        Var square = mil.square(d);
        if (tap == 0 || tap == 1) {
            Var inner = mil.sub(mil.mul(d, mil.like(d, a + 2)), mil.like(d, a + 3));
            return mil.add(mil.mul(inner, square), mil.like(d, 1));
        }
        Var inner = mil.sub(mil.mul(d, mil.like(d, a)), mil.like(d, 5 * a));
        Var outer = mil.add(mil.mul(inner, square), mil.mul(d, mil.like(d, 8 * a)));
        return mil.sub(outer, mil.like(d, 4 * a));
    }

    /** The matrices times a constant grid of homogeneous coordinates. */
    private static void affineGrid(Call call, Mil mil) {
        Var theta = call.in(0);
        long[] size = call.longs(1, "size");
        int axes = size.length - 2;
        boolean corners = call.isSet("align_corners");
        long[] image = Arrays.copyOfRange(size, 2, size.length);
        long places = Arrays.stream(image).reduce(1, Math::multiplyExact);
        int columns = axes + 1;
        Var grid = mil.reals(theta.element(), List.of(places, (long) columns), flat -> {
            int column = flat % columns;
            if (column == axes) {
                return 1;
            }
            // Columns count from the innermost axis.
            int axis = axes - 1 - column;
            long rest = flat / columns;
            for (int i = axes - 1; i > axis; i--) {
                rest /= image[i];
            }
            long at = rest % image[axis];
            return corners ? -1 + 2.0 * at / (image[axis] - 1) : -1 + (2.0 * at + 1) / image[axis];
        });
        Var made = mil.matmul(mil.expandDims(grid, 0), theta, false, true);
        long[] shape = new long[axes + 2];
        shape[0] = size[0];
        System.arraycopy(image, 0, shape, 1, axes);
        shape[axes + 1] = axes;
        call.result(mil.reshape(made, shape), call.declared(0));
    }

    /** Adds each column's elements at their places in the image; those in the padding go to a place that is cut off. */
    private static void columnsToImage(Call call, Mil mil) {
        Var x = call.in(0);
        long[] image = call.longs(1, "image_shape");
        long[] kernel = call.longs(2, "block_shape");
        int axes = image.length;
        long[] dilations = call.integers("dilations").orElseGet(() -> Mil.ones(axes));
        long[] strides = call.integers("strides").orElseGet(() -> Mil.ones(axes));
        long[] pads = call.integers("pads").orElseGet(() -> new long[2 * axes]);
        long[] blocks = new long[axes];
        for (int i = 0; i < axes; i++) {
            blocks[i] = (image[i] + pads[i] + pads[i + axes] - (kernel[i] - 1) * dilations[i] - 1) / strides[i] + 1;
        }
        long taps = product(kernel);
        long positions = product(blocks);
        long pixels = product(image);
        Var indices = mil.reals(MilDataType.INT32, List.of(1L, 1L, taps * positions), flat -> {
            long tap = flat / positions;
            long block = flat % positions;
            long place = 0;
            long scale = 1;
            for (int i = axes - 1; i >= 0; i--) {
                long at = block % blocks[i] * strides[i] + tap % kernel[i] * dilations[i] - pads[i];
                if (at < 0 || at >= image[i]) {
                    return pixels;
                }
                place += at * scale;
                scale *= image[i];
                block /= blocks[i];
                tap /= kernel[i];
            }
            return place;
        });
        long batch = x.size(0);
        long channels = x.size(1) / taps;
        Var empty = mil.filled(x.element(), 0, Shapes.of(batch, channels, pixels + 1));
        Var made = ScatterRules.alongAxis(
                empty,
                mil.tile(indices, batch, channels, 1),
                mil.reshape(x, batch, channels, taps * positions),
                2,
                "add",
                mil);
        long[] shape = new long[axes + 2];
        shape[0] = batch;
        shape[1] = channels;
        System.arraycopy(image, 0, shape, 2, axes);
        call.result(mil.reshape(mil.slice(made, 2, 0, pixels), shape), call.declared(0));
    }

    private static long product(long... values) {
        return Arrays.stream(values).reduce(1, Math::multiplyExact);
    }
}
