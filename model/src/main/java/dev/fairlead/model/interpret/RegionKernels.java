package dev.fairlead.model.interpret;

import java.util.Arrays;
import java.util.List;

/** MaxRoiPool and RoiAlign: pools over boxes of a feature map. */
final class RegionKernels {
    private RegionKernels() {}

    static void register(Kernels kernels) {
        kernels.add("MaxRoiPool", RegionKernels::max);
        kernels.add("RoiAlign", RegionKernels::align);
    }

    /** Each box is rounded to whole cells, and cut to bins that overlap where it doesn't divide. */
    private static List<Datum> max(Call call) {
        Array.Reals x = call.reals(0);
        Array.Reals rois = call.reals(1);
        int[] pooled = call.integers("pooled_shape")
                .map(Position::ints)
                .orElseThrow(() -> call.malformed("attribute pooled_shape is missing"));
        double scale = call.real("spatial_scale", 1);
        int channels = x.shape()[1];
        int height = x.shape()[2];
        int width = x.shape()[3];
        int regions = rois.shape()[0];
        double[] y = new double[regions * channels * pooled[0] * pooled[1]];
        int at = 0;
        for (int r = 0; r < regions; r++) {
            double[] roi = Arrays.copyOfRange(rois.values(), r * 5, r * 5 + 5);
            int left = (int) Math.round(roi[1] * scale);
            int top = (int) Math.round(roi[2] * scale);
            int right = (int) Math.round(roi[3] * scale);
            int bottom = (int) Math.round(roi[4] * scale);
            double binHeight = Math.max(bottom - top + 1, 1) / (double) pooled[0];
            double binWidth = Math.max(right - left + 1, 1) / (double) pooled[1];
            for (int c = 0; c < channels; c++) {
                int image = (int) roi[0];
                int plane = (image * channels + c) * height * width;
                for (int i = 0; i < pooled[0]; i++) {
                    int firstRow = Math.clamp((long) Math.floor(i * binHeight) + top, 0, height);
                    int lastRow = Math.clamp((long) Math.ceil((i + 1) * binHeight) + top, 0, height);
                    for (int j = 0; j < pooled[1]; j++) {
                        int firstColumn = Math.clamp((long) Math.floor(j * binWidth) + left, 0, width);
                        int lastColumn = Math.clamp((long) Math.ceil((j + 1) * binWidth) + left, 0, width);
                        boolean empty = firstRow >= lastRow || firstColumn >= lastColumn;
                        double best = empty ? 0 : Double.NEGATIVE_INFINITY;
                        for (int row = firstRow; row < lastRow; row++) {
                            for (int column = firstColumn; column < lastColumn; column++) {
                                best = Math.max(best, x.values()[plane + row * width + column]);
                            }
                        }
                        y[at++] = best;
                    }
                }
            }
        }
        return List.of(Doubles.datum(x.dtype(), new int[] {regions, channels, pooled[0], pooled[1]}, y));
    }

    private static List<Datum> align(Call call) {
        Array.Reals x = call.reals(0);
        Array.Reals rois = call.reals(1);
        long[] batch = call.integers(2).values();
        // Before version 16 the operator had no such attribute and did not shift.
        String mode =
                call.text("coordinate_transformation_mode", call.opset() < 16 ? "output_half_pixel" : "half_pixel");
        boolean half = mode.equals("half_pixel");
        boolean highest = call.text("mode", "avg").equals("max");
        int rows = Math.toIntExact(call.integer("output_height", 1));
        int columns = Math.toIntExact(call.integer("output_width", 1));
        long ratio = call.integer("sampling_ratio", 0);
        double scale = call.real("spatial_scale", 1);
        int channels = x.shape()[1];
        int[] map = Position.behind(x.shape(), 2);
        int cells = Array.size(map);
        double[] y = new double[rois.shape()[0] * channels * rows * columns];
        int at = 0;
        for (int r = 0; r < rois.shape()[0]; r++) {
            double shift = half ? 0.5 : 0;
            double left = rois.values()[r * 4] * scale - shift;
            double top = rois.values()[r * 4 + 1] * scale - shift;
            double width = rois.values()[r * 4 + 2] * scale - shift - left;
            double height = rois.values()[r * 4 + 3] * scale - shift - top;
            if (!half) {
                width = Math.max(width, 1);
                height = Math.max(height, 1);
            }
            int down = ratio > 0 ? (int) ratio : (int) Math.ceil(height / rows);
            int across = ratio > 0 ? (int) ratio : (int) Math.ceil(width / columns);
            for (int c = 0; c < channels; c++) {
                int from = (Math.toIntExact(batch[r]) * channels + c) * cells;
                double[] plane = Arrays.copyOfRange(x.values(), from, from + cells);
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < columns; j++) {
                        double sum = 0;
                        double best = Double.NEGATIVE_INFINITY;
                        for (int u = 0; u < down; u++) {
                            double row = top + (i + (u + 0.5) / down) * height / rows;
                            for (int v = 0; v < across; v++) {
                                double column = left + (j + (v + 0.5) / across) * width / columns;
                                double[] parts = parts(plane, map, row, column);
                                sum += Doubles.sum(parts);
                                best = Math.max(best, Arrays.stream(parts).max().orElseThrow());
                            }
                        }
                        int count = Math.max(down * across, 1);
                        y[at++] = highest ? (down * across == 0 ? 0 : best) : sum / count;
                    }
                }
            }
        }
        return List.of(Doubles.datum(x.dtype(), new int[] {rois.shape()[0], channels, rows, columns}, y));
    }

    /** The four weighted neighbours of a point, which is moved to the border within one cell of it, and nothing further out. */
    private static double[] parts(double[] plane, int[] map, double row, double column) {
        if (row < -1 || row > map[0] || column < -1 || column > map[1]) {
            return new double[4];
        }
        double y = Math.clamp(row, 0, map[0] - 1);
        double x = Math.clamp(column, 0, map[1] - 1);
        int top = (int) y;
        int left = (int) x;
        int bottom = Math.min(top + 1, map[0] - 1);
        int right = Math.min(left + 1, map[1] - 1);
        double down = y - top;
        double across = x - left;
        return new double[] {
            (1 - down) * (1 - across) * plane[top * map[1] + left],
            (1 - down) * across * plane[top * map[1] + right],
            down * (1 - across) * plane[bottom * map[1] + left],
            down * across * plane[bottom * map[1] + right]
        };
    }
}
