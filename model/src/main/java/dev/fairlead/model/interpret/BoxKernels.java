package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** NonMaxSuppression, CenterCropPad, ONNX Runtime's CropAndResize, and ImageDecoder, which is refused. */
final class BoxKernels {
    private BoxKernels() {}

    static void register(Kernels kernels) {
        kernels.add("NonMaxSuppression", BoxKernels::suppress);
        kernels.add("CenterCropPad", BoxKernels::center);
        kernels.add("com.microsoft", "CropAndResize", BoxKernels::crop);
        kernels.add("ImageDecoder", call -> {
            throw call.unsupported("images are not decoded");
        });
    }

    /** Inputs: boxes, scores, max_output_boxes_per_class, iou_threshold, score_threshold. */
    private static List<Datum> suppress(Call call) {
        Array.Reals boxes = call.reals(0);
        Array.Reals scores = call.reals(1);
        long most = call.has(2) ? call.integers(2).values()[0] : 0;
        double overlap = call.has(3) ? call.reals(3).values()[0] : 0;
        double lowest = call.has(4) ? call.reals(4).values()[0] : Double.NEGATIVE_INFINITY;
        int count = boxes.shape()[1];
        int classes = scores.shape()[1];
        List<long[]> selected = new ArrayList<>();
        for (int row = 0; row < scores.shape()[0] * classes; row++) {
            int batch = row / classes;
            int from = row * count;
            List<Integer> order = IntStream.range(0, count)
                    .filter(i -> scores.values()[from + i] > lowest)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> -scores.values()[from + i]))
                    .toList();
            List<double[]> kept = new ArrayList<>();
            for (int i : order) {
                double[] box = corners(call, boxes.values(), (batch * count + i) * 4);
                if (kept.size() < most && kept.stream().noneMatch(other -> union(box, other) > overlap)) {
                    kept.add(box);
                    selected.add(new long[] {batch, row % classes, i});
                }
            }
        }
        long[] flat = selected.stream().flatMapToLong(Arrays::stream).toArray();
        return List.of(Datum.of(new Array.Integers(DType.INT64, new int[] {selected.size(), 3}, flat)));
    }

    /** Top, left, bottom, right. */
    private static double[] corners(Call call, double[] boxes, int at) {
        double a = boxes[at];
        double b = boxes[at + 1];
        double c = boxes[at + 2];
        double d = boxes[at + 3];
        if (call.integer("center_point_box", 0) == 1) {
            return new double[] {b - d / 2, a - c / 2, b + d / 2, a + c / 2};
        }
        return new double[] {Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)};
    }

    /** Intersection over union. */
    private static double union(double[] a, double[] b) {
        double height = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
        double width = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
        if (height <= 0 || width <= 0) {
            return 0;
        }
        double shared = height * width;
        return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared);
    }

    /** Of ONNX Runtime: the corners of a box are those of its crop. Inputs: X, rois, batch_indices, crop_size. */
    private static List<Datum> crop(Call call) {
        Array.Reals x = call.reals(0);
        double[] rois = call.reals(1).values();
        int[] batch = Position.ints(call.integers(2));
        int[] size = Position.ints(call.integers(3));
        boolean nearest = call.text("mode", "bilinear").equals("nearest");
        double outside = call.real("extrapolation_value", 0);
        int[] map = Position.behind(x.shape(), 2);
        int cells = Array.size(map);
        int[] shape = {batch.length, x.shape()[1], size[0], size[1]};
        double[] y = new double[Array.size(shape)];
        int[] next = {0};
        Position.each(shape, position -> {
            double[] point = new double[2];
            boolean within = true;
            for (int axis = 0; axis < 2; axis++) {
                double start = rois[position[0] * 4 + axis];
                double end = rois[position[0] * 4 + axis + 2];
                double length = map[axis] - 1;
                point[axis] = size[axis] > 1
                        ? (start + position[axis + 2] * (end - start) / (size[axis] - 1)) * length
                        : 0.5 * (start + end) * length;
                within &= point[axis] >= 0 && point[axis] <= length;
                point[axis] = nearest ? Math.floor(point[axis] + 0.5) : point[axis];
            }
            int from = (batch[position[0]] * shape[1] + position[1]) * cells;
            double[] plane = Arrays.copyOfRange(x.values(), from, from + cells);
            y[next[0]++] = within ? DeformableConvolutionKernels.linear(plane, map, point) : outside;
        });
        return List.of(Doubles.datum(x.dtype(), shape, y));
    }

    private static List<Datum> center(Call call) {
        Array x = call.array(0);
        int[] wanted = Position.ints(call.integers(1));
        int[] shape = x.shape().clone();
        int[] first = new int[shape.length];
        int[] axes = call.integers("axes")
                .map(Position::ints)
                .orElseGet(() -> IntStream.range(0, shape.length).toArray());
        for (int i = 0; i < axes.length; i++) {
            int axis = Shapes.axis(call, axes[i], shape.length);
            // An odd number of cells is cut or added on the right.
            int difference = shape[axis] - wanted[i];
            first[axis] = difference >= 0 ? difference / 2 : -(-difference / 2);
            shape[axis] = wanted[i];
        }
        int[] from = new int[Array.size(shape)];
        int[] next = {0};
        Position.each(shape, position -> {
            int flat = 0;
            for (int axis = 0; axis < shape.length; axis++) {
                int cell = position[axis] + first[axis];
                flat = flat < 0 || cell < 0 || cell >= x.shape()[axis] ? -1 : flat * x.shape()[axis] + cell;
            }
            from[next[0]++] = flat;
        });
        return List.of(Datum.of(Elements.pick(x, shape, from)));
    }
}
