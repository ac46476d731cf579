package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * How one axis is resized. Interpolation is separable, so an axis is a matrix from its old places to its new ones.
 *
 * @param start where the region of interest begins, as a part of the axis
 */
record ResizeAxis(Operation node, long input, long output, double scale, double start, double end) {
    /** Nothing moves along this axis. */
    boolean isIdentity() {
        return scale == 1 && input == output && start == 0 && end == 1;
    }

    private String transform() {
        String otherwise = node.opset() < 11 || node.op().equals("Upsample") ? "asymmetric" : "half_pixel";
        return node.text("coordinate_transformation_mode", otherwise);
    }

    /** The place in the input that a place of the output shows. */
    private double coordinate(long place) {
        double resized = scale * input;
        return switch (transform()) {
            case "half_pixel" -> (place + 0.5) / scale - 0.5;
            case "half_pixel_symmetric" -> input / 2.0 * (1 - output / resized) + (place + 0.5) / scale - 0.5;
            case "pytorch_half_pixel" -> output > 1 ? (place + 0.5) / scale - 0.5 : 0;
            case "align_corners" -> resized == 1 || output == 1 ? 0 : place * (input - 1) / (resized - 1);
            case "asymmetric" -> place / scale;
            case "tf_half_pixel_for_nn" -> (place + 0.5) / scale;
            case "tf_crop_and_resize" ->
                output > 1
                        ? start * (input - 1) + place * (end - start) * (input - 1) / (resized - 1)
                        : 0.5 * (start + end) * (input - 1);
            default -> throw Refusal.of("no coordinates are transformed by " + transform());
        };
    }

    boolean isCropped() {
        return transform().equals("tf_crop_and_resize");
    }

    /** Which places of the output show none of the input. */
    Tensor outside() {
        Tensor mask = Tensor.allocate(DType.BOOL, List.of(output));
        for (long place = 0; place < output; place++) {
            double at = coordinate(place);
            mask.set(place, at < 0 || at > input - 1 ? 1L : 0L);
        }
        return mask;
    }

    /** For each place of the output the nearest of the input. */
    List<Long> nearest() {
        String otherwise = node.opset() < 11 || node.op().equals("Upsample") ? "floor" : "round_prefer_floor";
        String rounding = node.text("nearest_mode", otherwise);
        List<Long> places = new ArrayList<>();
        for (long place = 0; place < output; place++) {
            double at = coordinate(place);
            double whole = switch (rounding) {
                case "round_prefer_floor" -> Math.ceil(at - 0.5);
                case "round_prefer_ceil" -> Math.floor(at + 0.5);
                case "floor" -> Math.floor(at);
                case "ceil" -> Math.ceil(at);
                default -> throw Refusal.of("no rounding is called " + rounding);
            };
            places.add(Math.clamp((long) whole, 0, input - 1));
        }
        return places;
    }

    /** Weights by place of the input (rows) and of the output (columns). */
    Tensor matrix(DType dtype, boolean cubic) {
        double[][] weights = new double[Math.toIntExact(output)][];
        boolean smooth = node.flag("antialias", false);
        boolean excludes = node.flag("exclude_outside", false);
        double a = node.real("cubic_coeff_a", -0.75f);
        double narrow = smooth ? Math.min(scale, 1) : 1;
        double reach = (cubic ? 2 : 1) / narrow;
        for (int place = 0; place < output; place++) {
            double at = coordinate(place);
            double[] row = new double[Math.toIntExact(input)];
            double sum = 0;
            for (long cell = (long) Math.floor(at - reach); cell <= Math.ceil(at + reach); cell++) {
                double distance = Math.abs(cell - at) * narrow;
                double weight = cubic ? cubic(distance, a) : Math.max(1 - distance, 0);
                boolean within = cell >= 0 && cell < input;
                if (within || !excludes) {
                    row[(int) Math.clamp(cell, 0, input - 1)] += weight;
                    sum += weight;
                }
            }
            for (int i = 0; i < row.length && (smooth || excludes) && sum != 0; i++) {
                row[i] /= sum;
            }
            weights[place] = row;
        }
        Tensor matrix = Tensor.allocate(dtype, List.of(input, output));
        for (long i = 0; i < matrix.elements(); i++) {
            matrix.set(i, weights[(int) (i % output)][(int) (i / output)]);
        }
        return matrix;
    }

    /** Keys' kernel. */
    static double cubic(double x, double a) {
        if (x <= 1) {
            return ((a + 2) * x - (a + 3)) * x * x + 1;
        }
        return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
    }
}
