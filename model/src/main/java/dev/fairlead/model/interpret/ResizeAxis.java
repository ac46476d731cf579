package dev.fairlead.model.interpret;

import java.util.Arrays;

/**
 * Where the places of a resized axis take their values from.
 *
 * @param cells for each place the cells of the input
 * @param weights for each place what each of its cells counts
 * @param outside whether a place lies outside the input
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record ResizeAxis(int[][] cells, double[][] weights, boolean[] outside) {
    /** What versions before 11 do, and no attribute says: down where the axis grows, up where it shrinks. */
    static final String BY_SCALE = "by scale";

    /**
     * What a node says of all axes.
     *
     * @param transform {@code coordinate_transformation_mode}
     */
    record Settings(String mode, String transform, String nearest, double cubic, boolean smooth, boolean excludes) {
        Settings(Call call, String transform, String nearest) {
            this(
                    call.text("mode", "nearest"),
                    call.text("coordinate_transformation_mode", transform),
                    call.text("nearest_mode", nearest),
                    call.real("cubic_coeff_a", -0.75),
                    call.integer("antialias", 0) == 1,
                    call.integer("exclude_outside", 0) == 1);
        }
    }

    /** Along this axis nothing moves. */
    boolean isIdentity(int input) {
        if (cells.length != input) {
            return false;
        }
        for (int i = 0; i < cells.length; i++) {
            if (cells[i].length != 1 || cells[i][0] != i || weights[i][0] != 1) {
                return false;
            }
        }
        return true;
    }

    static ResizeAxis of(Call call, Settings settings, int input, int output, double scale, double start, double end) {
        int[][] cells = new int[output][];
        double[][] weights = new double[output][];
        boolean[] outside = new boolean[output];
        boolean still = scale == 1 && input == output && start == 0 && end == 1;
        for (int place = 0; place < output; place++) {
            double at = still ? place : coordinate(call, settings, place, input, output, scale, start, end);
            outside[place] = at < 0 || at > input - 1;
            if (still || settings.mode.equals("nearest")) {
                int cell = still ? place : nearest(call, settings.nearest, at, scale);
                cells[place] = new int[] {Math.clamp(cell, 0, input - 1)};
                weights[place] = new double[] {1};
            } else {
                fill(call, settings, at, scale, input, cells, weights, place);
            }
        }
        return new ResizeAxis(cells, weights, outside);
    }

    /** The formulas of the operator's page; the length that they divide by is the scaled one, not cut to an integer. */
    private static double coordinate(
            Call call, Settings settings, int place, int input, int output, double scale, double start, double end) {
        // Where the scale is a quotient of sizes, dividing last keeps whole coordinates whole.
        boolean sized = scale == (double) output / input;
        double resized = sized ? output : scale * input;
        double half = (sized ? (place + 0.5) * input / output : (place + 0.5) / scale) - 0.5;
        return switch (settings.transform) {
            case "half_pixel" -> half;
            case "half_pixel_symmetric" -> input / 2.0 * (1 - output / resized) + half;
            case "pytorch_half_pixel" -> output > 1 ? half : 0;
            case "align_corners" -> resized == 1 || output == 1 ? 0 : place * (input - 1) / (resized - 1);
            case "asymmetric" -> sized ? (double) place * input / output : place / scale;
            // Of version 11 only.
            case "tf_half_pixel_for_nn" -> half + 0.5;
            case "tf_crop_and_resize" ->
                output > 1
                        ? start * (input - 1) + place * (end - start) * (input - 1) / (resized - 1)
                        : 0.5 * (start + end) * (input - 1);
            default -> throw call.malformed("coordinate_transformation_mode " + settings.transform);
        };
    }

    private static int nearest(Call call, String rounding, double at, double scale) {
        return (int)
                switch (rounding) {
                    case "round_prefer_floor" -> Math.ceil(at - 0.5);
                    case "round_prefer_ceil" -> Math.floor(at + 0.5);
                    case "floor" -> Math.floor(at);
                    case "ceil" -> Math.ceil(at);
                    case BY_SCALE -> scale < 1 ? Math.ceil(at) : Math.floor(at);
                    default -> throw call.malformed("nearest_mode " + rounding);
                };
    }

    /** Cells outside count as those at the border, or not at all. */
    private static void fill(
            Call call,
            Settings settings,
            double at,
            double scale,
            int input,
            int[][] cells,
            double[][] weights,
            int place) {
        double narrow = settings.smooth ? Math.min(scale, 1) : 1;
        double reach = switch (settings.mode) {
                    case "linear" -> 1;
                    case "cubic" -> 2;
                    default -> throw call.malformed("mode " + settings.mode);
                }
                / narrow;
        int first = (int) Math.floor(at - reach) + 1;
        int last = (int) Math.ceil(at + reach) - 1;
        int[] near = new int[Math.max(last - first + 1, 1)];
        double[] weight = new double[near.length];
        for (int i = 0; i < near.length; i++) {
            int cell = first + i;
            boolean within = cell >= 0 && cell < input;
            near[i] = Math.clamp(cell, 0, input - 1);
            double distance = Math.abs(cell - at) * narrow;
            double full = settings.mode.equals("linear") ? Math.max(1 - distance, 0) : cubic(distance, settings.cubic);
            weight[i] = within || !settings.excludes ? full : 0;
        }
        double sum = Arrays.stream(weight).sum();
        if (settings.smooth || settings.excludes) {
            for (int i = 0; i < weight.length; i++) {
                weight[i] /= sum;
            }
        }
        cells[place] = near;
        weights[place] = weight;
    }

    /** Equation 4 of Keys, "Cubic convolution interpolation for digital image processing". */
    static double cubic(double distance, double a) {
        double x = distance;
        if (x <= 1) {
            return ((a + 2) * x - (a + 3)) * x * x + 1;
        }
        return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
    }
}
