package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.List;

/** AffineGrid and GridSample. */
final class SamplingKernels {
    private SamplingKernels() {}

    static void register(Kernels kernels) {
        kernels.add("AffineGrid", SamplingKernels::affine);
        kernels.add("GridSample", SamplingKernels::sample);
        // ONNX Runtime had it before ONNX did.
        kernels.add("com.microsoft", "GridSample", SamplingKernels::sample);
    }

    private static List<Datum> affine(Call call) {
        Array.Reals theta = call.reals(0);
        int[] size = Position.ints(call.integers(1));
        int[] spatial = Position.behind(size, 2);
        int rank = spatial.length;
        boolean corners = call.integer("align_corners", 0) == 1;
        int places = Array.size(spatial);
        double[] grid = new double[size[0] * places * rank];
        int[] at = {0};
        Position.each(spatial, place -> {
            // Homogeneous coordinates, the innermost axis first.
            double[] point = new double[rank + 1];
            point[rank] = 1;
            for (int axis = 0; axis < rank; axis++) {
                int length = spatial[rank - 1 - axis];
                int index = place[rank - 1 - axis];
                point[axis] =
                        corners ? (length == 1 ? -1 : -1 + 2.0 * index / (length - 1)) : (2.0 * index + 1) / length - 1;
            }
            for (int n = 0; n < size[0]; n++) {
                for (int row = 0; row < rank; row++) {
                    double sum = 0;
                    for (int column = 0; column <= rank; column++) {
                        sum += theta.values()[(n * rank + row) * (rank + 1) + column] * point[column];
                    }
                    grid[(n * places + at[0]) * rank + row] = sum;
                }
            }
            at[0]++;
        });
        int[] shape = Shapes.concat(new int[] {size[0]}, Shapes.concat(spatial, rank));
        return List.of(Doubles.datum(theta.dtype(), shape, grid));
    }

    private static List<Datum> sample(Call call) {
        double[] x = Doubles.of(call, 0);
        int[] shape = call.array(0).shape();
        Array.Reals grid = call.reals(1);
        int[] spatial = Position.behind(shape, 2);
        int rank = spatial.length;
        String mode = mode(call);
        String padding = call.text("padding_mode", "zeros");
        if (!List.of("zeros", "border", "reflection").contains(padding)) {
            throw call.malformed("padding_mode " + padding);
        }
        boolean corners = call.integer("align_corners", 0) == 1;
        int cells = Array.size(spatial);
        int places = grid.size() / Math.max(shape[0] * rank, 1);
        double[] y = new double[shape[0] * shape[1] * places];
        for (int n = 0; n < shape[0]; n++) {
            for (int place = 0; place < places; place++) {
                double[] point = new double[rank];
                for (int axis = 0; axis < rank; axis++) {
                    double normalized = grid.values()[(n * places + place) * rank + rank - 1 - axis];
                    double length = spatial[axis];
                    point[axis] = corners ? (normalized + 1) / 2 * (length - 1) : ((normalized + 1) * length - 1) / 2;
                }
                Taps taps = taps(mode, padding, corners, spatial, point);
                for (int c = 0; c < shape[1]; c++) {
                    double sum = 0;
                    for (int i = 0; i < taps.cells.length; i++) {
                        if (taps.cells[i] >= 0) {
                            sum += taps.weights[i] * x[(n * shape[1] + c) * cells + taps.cells[i]];
                        }
                    }
                    y[(n * shape[1] + c) * places + place] = sum;
                }
            }
        }
        int[] output = Shapes.concat(Position.before(shape, 2), Arrays.copyOfRange(grid.shape(), 1, grid.rank() - 1));
        DType dtype = Doubles.dtype(call, 0);
        return List.of(Doubles.datum(dtype, output, y));
    }

    /** Version 16 had other names. */
    private static String mode(Call call) {
        String mode = call.text("mode", "linear");
        return switch (mode) {
            case "bilinear", "linear" -> "linear";
            case "bicubic", "cubic" -> "cubic";
            case "nearest" -> "nearest";
            default -> throw call.malformed("mode " + mode);
        };
    }

    /** Cells of a plane, -1 for none, and what they count. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    private record Taps(int[] cells, double[] weights) {}

    private static Taps taps(String mode, String padding, boolean corners, int[] spatial, double[] point) {
        int rank = spatial.length;
        int width = mode.equals("nearest") ? 1 : mode.equals("linear") ? 2 : 4;
        int[] around = Position.filled(rank, width);
        int[] cells = new int[Array.size(around)];
        double[] weights = new double[cells.length];
        int[] next = {0};
        Position.each(around, step -> {
            int flat = 0;
            double weight = 1;
            for (int axis = 0; axis < rank; axis++) {
                double at = width == 4 ? point[axis] : placed(padding, corners, point[axis], spatial[axis]);
                double cell = width == 1 ? Math.rint(at) : Math.floor(at) + step[axis] - (width == 4 ? 1 : 0);
                double distance = Math.abs(cell - at);
                weight *= width == 1 ? 1 : width == 2 ? 1 - distance : ResizeAxis.cubic(distance, -0.75);
                double placed = placed(padding, corners, cell, spatial[axis]);
                boolean within = placed >= 0 && placed < spatial[axis];
                flat = flat < 0 || !within ? -1 : flat * spatial[axis] + (int) placed;
            }
            cells[next[0]] = flat;
            weights[next[0]++] = weight;
        });
        return new Taps(cells, weights);
    }

    /** A coordinate moved into the axis, as the padding says. */
    private static double placed(String padding, boolean corners, double at, int length) {
        return switch (padding) {
            case "border" -> Math.clamp(at, 0, length - 1);
            case "reflection" -> {
                double low = corners ? 0 : -0.5;
                double high = corners ? length - 1 : length - 0.5;
                yield Math.clamp(reflected(at, low, high), 0, length - 1);
            }
            default -> at;
        };
    }

    private static double reflected(double at, double low, double high) {
        double span = high - low;
        if (span == 0 || (at >= low && at <= high)) {
            return span == 0 ? low : at;
        }
        double off = Math.abs(at - low) % (2 * span);
        return off <= span ? low + off : high - (off - span);
    }
}
