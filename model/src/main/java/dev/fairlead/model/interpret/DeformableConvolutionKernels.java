package dev.fairlead.model.interpret;

import java.util.Arrays;
import java.util.List;

/** DeformConv: a convolution whose cells are read where offsets say, interpolated linearly, zero outside. */
final class DeformableConvolutionKernels {
    private DeformableConvolutionKernels() {}

    static void register(Kernels kernels) {
        kernels.add("DeformConv", DeformableConvolutionKernels::run);
    }

    private static List<Datum> run(Call call) {
        Array.Reals x = call.reals(0);
        Array.Reals w = call.reals(1);
        double[] offsets = call.reals(2).values();
        Window window = ConvolutionKernels.window(call, x.shape(), w.shape());
        int rank = window.input().length;
        int groups = Math.toIntExact(call.integer("group", 1));
        int shifts = Math.toIntExact(call.integer("offset_group", 1));
        int inner = w.shape()[1];
        int channels = w.shape()[0];
        int inputs = Array.size(window.input());
        int places = Array.size(window.output());
        int cells = window.cells();
        double[] bias = call.has(3) ? call.reals(3).values() : new double[channels];
        double[] mask = call.has(4) ? call.reals(4).values() : null;
        double[] y = new double[x.shape()[0] * channels * places];
        int[] at = {0};
        Position.each(window.output(), place -> {
            for (int n = 0; n < x.shape()[0]; n++) {
                double[] patch = new double[x.shape()[1] * cells];
                for (int c = 0; c < x.shape()[1]; c++) {
                    int shift = n * shifts + c / (x.shape()[1] / shifts);
                    double[] plane = Arrays.copyOfRange(
                            x.values(), (n * x.shape()[1] + c) * inputs, (n * x.shape()[1] + c + 1) * inputs);
                    int[] next = {c * cells};
                    Position.each(window.kernel(), cell -> {
                        int to = next[0]++;
                        int k = to % cells;
                        double[] point = new double[rank];
                        for (int axis = 0; axis < rank; axis++) {
                            int from = ((shift * cells + k) * rank + axis) * places + at[0];
                            point[axis] = window.at(axis, place, cell) + offsets[from];
                        }
                        double weight = mask == null ? 1 : mask[(shift * cells + k) * places + at[0]];
                        patch[to] = weight * linear(plane, window.input(), point);
                    });
                }
                for (int m = 0; m < channels; m++) {
                    int base = m / (channels / groups) * inner * cells;
                    y[(n * channels + m) * places + at[0]] =
                            bias[m] + call.sums().dot(patch, base, w.values(), m * inner * cells, inner * cells);
                }
            }
            at[0]++;
        });
        return List.of(Doubles.datum(x.dtype(), ConvolutionKernels.shape(x.shape(), channels, window), y));
    }

    /** Linear along every axis between the cells around a point, those outside being zero. */
    static double linear(double[] plane, int[] shape, double[] point) {
        double[] sum = {0};
        Position.each(Position.filled(shape.length, 2), corner -> {
            double weight = 1;
            int flat = 0;
            for (int axis = 0; axis < shape.length; axis++) {
                double low = Math.floor(point[axis]);
                double part = point[axis] - low;
                double cell = low + corner[axis];
                weight *= corner[axis] == 0 ? 1 - part : part;
                flat = flat < 0 || cell < 0 || cell >= shape[axis] ? -1 : flat * shape[axis] + (int) cell;
            }
            if (flat >= 0 && weight != 0) {
                sum[0] += weight * plane[flat];
            }
        });
        return sum[0];
    }
}
