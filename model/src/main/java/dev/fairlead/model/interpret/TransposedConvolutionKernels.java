package dev.fairlead.model.interpret;

import java.util.Arrays;
import java.util.List;

/** ConvTranspose and Col2Im: what a sliding window scatters instead of gathers. */
final class TransposedConvolutionKernels {
    private TransposedConvolutionKernels() {}

    static void register(Kernels kernels) {
        kernels.add("ConvTranspose", TransposedConvolutionKernels::transposed);
        kernels.add("Col2Im", TransposedConvolutionKernels::image);
    }

    private static List<Datum> transposed(Call call) {
        Array.Reals x = call.reals(0);
        Array.Reals w = call.reals(1);
        int groups = Math.toIntExact(call.integer("group", 1));
        Window window = window(call, Position.behind(x.shape(), 2), Position.behind(w.shape(), 2));
        int inner = w.shape()[0] / groups;
        int outer = w.shape()[1];
        if (x.shape()[1] != w.shape()[0]) {
            throw call.malformed(x.shape()[1] + " channels, weights for " + w.shape()[0]);
        }
        // The window's input is what this operator makes, and its places are the input's cells.
        int made = Array.size(window.input());
        int places = Array.size(window.output());
        int cells = window.cells();
        double[] y = new double[x.shape()[0] * outer * groups * made];
        double[] pixels = call.sums().factors(x.values());
        double[] weights = call.sums().factors(w.values());
        int[] at = {0};
        Position.each(window.output(), place -> {
            int[] under = window.under(place);
            for (int n = 0; n < x.shape()[0]; n++) {
                for (int c : call.sums().order(w.shape()[0])) {
                    double value = pixels[(n * w.shape()[0] + c) * places + at[0]];
                    for (int m = 0; m < outer; m++) {
                        int to = ((n * groups + c / inner) * outer + m) * made;
                        int from = (c * outer + m) * cells;
                        for (int k = 0; k < cells; k++) {
                            if (under[k] >= 0) {
                                int cell = to + under[k];
                                y[cell] = call.sums().add(y[cell], value * weights[from + k]);
                            }
                        }
                    }
                }
            }
            at[0]++;
        });
        if (call.has(2)) {
            double[] bias = call.reals(2).values();
            for (int i = 0; i < y.length; i++) {
                y[i] += bias[i / made % bias.length];
            }
        }
        int[] shape = Shapes.concat(new int[] {x.shape()[0], outer * groups}, window.input());
        return List.of(Doubles.datum(x.dtype(), shape, y));
    }

    private static Window window(Call call, int[] places, int[] kernel) {
        int rank = places.length;
        int[] strides = list(call, "strides", rank, 1);
        int[] dilations = list(call, "dilations", rank, 1);
        int[] more = list(call, "output_padding", rank, 0);
        int[] pads = list(call, "pads", 2 * rank, 0);
        int[] begin = Arrays.copyOf(pads, rank);
        int[] end = Arrays.copyOfRange(pads, rank, 2 * rank);
        String auto = call.text("auto_pad", "NOTSET");
        boolean same = auto.startsWith("SAME");
        int[] made = new int[rank];
        int[] wanted = call.integers("output_shape").map(Position::ints).orElse(null);
        for (int axis = 0; axis < rank; axis++) {
            int whole = strides[axis] * (places[axis] - 1) + more[axis] + (kernel[axis] - 1) * dilations[axis] + 1;
            if (wanted != null || same) {
                made[axis] = wanted == null ? places[axis] * strides[axis] : wanted[wanted.length - rank + axis];
                int total = Math.max(whole - made[axis], 0);
                begin[axis] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
                end[axis] = total - begin[axis];
            } else {
                if (auto.equals("VALID")) {
                    begin[axis] = 0;
                    end[axis] = 0;
                }
                made[axis] = whole - begin[axis] - end[axis];
            }
        }
        return new Window(made, kernel, strides, dilations, begin, end, places);
    }

    private static int[] list(Call call, String name, int length, int otherwise) {
        return call.integers(name).map(Position::ints).orElseGet(() -> Position.filled(length, otherwise));
    }

    private static List<Datum> image(Call call) {
        Array.Reals x = call.reals(0);
        int[] image = Position.ints(call.integers(1));
        int[] block = Position.ints(call.integers(2));
        Window window = Window.of(call, image, block, Window.Places.FLOOR);
        int pixels = Array.size(image);
        int places = Array.size(window.output());
        int cells = window.cells();
        int channels = x.shape()[1] / cells;
        if (x.shape()[2] != places || x.shape()[1] % cells != 0) {
            throw call.malformed("input of " + Arrays.toString(x.shape()) + " for " + places + " blocks of " + cells);
        }
        double[] y = new double[x.shape()[0] * channels * pixels];
        int[] at = {0};
        Position.each(window.output(), place -> {
            int[] under = window.under(place);
            for (int plane = 0; plane < x.shape()[0] * channels; plane++) {
                for (int k = 0; k < cells; k++) {
                    if (under[k] >= 0) {
                        int cell = plane * pixels + under[k];
                        y[cell] = call.sums().add(y[cell], x.values()[(plane * cells + k) * places + at[0]]);
                    }
                }
            }
            at[0]++;
        });
        int[] shape = Shapes.concat(new int[] {x.shape()[0], channels}, image);
        return List.of(Doubles.datum(x.dtype(), shape, y));
    }
}
