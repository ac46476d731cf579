package dev.fairlead.model.lower.coreml;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How a resized axis takes its values from the input's, after ONNX' page of Resize.
 *
 * @param mode {@code nearest}, {@code linear} or {@code cubic}
 * @param transform {@code coordinate_transformation_mode}
 * @param nearest {@code nearest_mode}
 * @param cubic the cubic's coefficient
 * @param inside whether weights beyond the input are dropped
 * @param smooth whether shrinking widens the filter
 */
record Interpolation(String mode, String transform, String nearest, double cubic, boolean inside, boolean smooth) {
    /**
     * The taps of each place.
     *
     * @param cells where they lie in the input
     * @param weights what they count
     * @param outside whether the place's centre lies beyond the input
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Axis(long[][] cells, double[][] weights, boolean[] outside) {
        boolean isGather() {
            return Arrays.stream(weights).allMatch(row -> row.length == 1 && row[0] == 1);
        }

        long[] indices() {
            return Arrays.stream(cells).mapToLong(row -> row[0]).toArray();
        }

        boolean isIdentity(long size) {
            return isGather()
                    && cells.length == size
                    && IntStream.range(0, cells.length).allMatch(i -> cells[i][0] == i);
        }

        boolean reachesOutside() {
            return IntStream.range(0, outside.length).anyMatch(i -> outside[i]);
        }

        /** Row by row the weight of each element of the input. */
        double[][] matrix(int size) {
            double[][] matrix = new double[cells.length][size];
            for (int place = 0; place < cells.length; place++) {
                for (int tap = 0; tap < cells[place].length; tap++) {
                    matrix[place][Math.toIntExact(cells[place][tap])] += weights[place][tap];
                }
            }
            return matrix;
        }
    }

    Axis axis(long input, long output, double scale, double start, double end) {
        int count = Math.toIntExact(output);
        long[][] cells = new long[count][];
        double[][] weights = new double[count][];
        boolean[] outside = new boolean[count];
        for (int place = 0; place < count; place++) {
            double at = coordinate(place, input, output, scale, start, end);
            outside[place] = at < 0 || at > input - 1;
            if (mode.equals("nearest")) {
                cells[place] = new long[] {Math.clamp(rounded(at), 0, input - 1)};
                weights[place] = new double[] {1};
            } else {
                fill(place, at, scale, input, cells, weights);
            }
        }
        return new Axis(cells, weights, outside);
    }

    private double coordinate(int place, long input, long output, double scale, double start, double end) {
        double length = scale * input;
        return switch (transform) {
            case "half_pixel" -> (place + 0.5) / scale - 0.5;
            case "half_pixel_symmetric" -> input / 2.0 * (1 - output / length) + (place + 0.5) / scale - 0.5;
            case "pytorch_half_pixel" -> length == 1 ? -0.5 : (place + 0.5) / scale - 0.5;
            case "align_corners" -> length == 1 ? 0 : place * (input - 1) / (length - 1);
            case "asymmetric" -> place / scale;
            case "tf_crop_and_resize" -> {
                double span = (end - start) * (input - 1);
                double inner = length == 1 ? span / 2 : place * span / (length - 1);
                yield start * (input - 1) + inner;
            }
            default -> throw Refusals.unsupported("the coordinate transformation " + transform);
        };
    }

    private long rounded(double at) {
        double floor = Math.floor(at);
        double rest = at - floor;
        return (long)
                switch (nearest) {
                    case "round_prefer_floor" -> rest <= 0.5 ? floor : floor + 1;
                    case "round_prefer_ceil" -> rest < 0.5 ? floor : floor + 1;
                    case "floor" -> floor;
                    case "ceil" -> Math.ceil(at);
                    default -> throw Refusals.malformed("an unknown nearest_mode");
                };
    }

    /** The filter, stretched where the input shrinks and that is asked for, at each cell that it reaches. */
    private void fill(int place, double at, double scale, long input, long[][] cells, double[][] weights) {
        double shrink = smooth ? Math.min(scale, 1) : 1;
        double reach = (mode.equals("linear") ? 1 : 2) / shrink;
        long first = (long) Math.floor(at - reach) + 1;
        long last = (long) Math.ceil(at + reach) - 1;
        int count = Math.toIntExact(last - first + 1);
        long[] cell = new long[count];
        double[] weight = new double[count];
        double sum = 0;
        for (int tap = 0; tap < count; tap++) {
            long index = first + tap;
            boolean dropped = inside && (index < 0 || index >= input);
            cell[tap] = Math.clamp(index, 0, input - 1);
            weight[tap] = dropped ? 0 : filter((index - at) * shrink);
            sum += weight[tap];
        }
        if (inside || smooth) {
            for (int tap = 0; tap < count; tap++) {
                weight[tap] /= sum;
            }
        }
        cells[place] = cell;
        weights[place] = weight;
    }

    private double filter(double signed) {
        double d = Math.abs(signed);
        if (mode.equals("linear")) {
            return Math.max(0, 1 - d);
        }
        if (!mode.equals("cubic")) {
            throw Refusals.malformed("an unknown mode " + mode);
        }
        double near = ((cubic + 2) * d - (cubic + 3)) * d * d + 1;
        double far = ((cubic * d - 5 * cubic) * d + 8 * cubic) * d - 4 * cubic;
        return d <= 1 ? near : d < 2 ? far : 0;
    }
}
