package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Conv, ConvInteger, CausalConvWithState, and ONNX Runtime's FusedConv. */
final class ConvolutionKernels {
    private ConvolutionKernels() {}

    static void register(Kernels kernels) {
        kernels.add("Conv", ConvolutionKernels::conv);
        kernels.add("com.microsoft", "FusedConv", ConvolutionKernels::fused);
        kernels.add("ConvInteger", ConvolutionKernels::integers);
        kernels.add("CausalConvWithState", ConvolutionKernels::causal);
    }

    private static List<Datum> conv(Call call) {
        return List.of(Datum.of(plain(call)));
    }

    /** Of ONNX Runtime: a fourth input is added, and an activation follows. */
    private static List<Datum> fused(Call call) {
        Array.Reals y = plain(call);
        Iterator<Float> numbers =
                call.reals("activation_params").orElse(List.of()).iterator();
        String name = call.text("activation", "");
        Activation activation = name.isEmpty() ? x -> x : Activation.of(call, name, numbers, numbers);
        double[] added = call.has(3) ? call.reals(3).values() : new double[y.size()];
        double[] all = new double[y.size()];
        Arrays.setAll(all, i -> activation.of(y.values()[i] + added[i]));
        return List.of(Doubles.datum(y.dtype(), y.shape(), all));
    }

    private static Array.Reals plain(Call call) {
        Array.Reals x = call.reals(0);
        Array.Reals w = call.reals(1);
        Window window = window(call, x.shape(), w.shape());
        double[] y = convolve(call, x.values(), x.shape(), w.values(), w.shape(), window);
        int channels = w.shape()[0];
        int places = Array.size(window.output());
        if (call.has(2)) {
            double[] bias = call.reals(2).values();
            for (int i = 0; i < y.length; i++) {
                y[i] += bias[i / places % channels];
            }
        }
        return new Array.Reals(x.dtype(), shape(x.shape(), channels, window), y);
    }

    /** Sums of products of 8-bit integers are exact in double; int32 wraps. */
    private static List<Datum> integers(Call call) {
        Array.Integers x = call.integers(0);
        Array.Integers w = call.integers(1);
        double[] shifted = minus(call, Doubles.of(call, 0), 2, 1, 1);
        int cells = w.size() / w.shape()[0];
        double[] weights = minus(call, Doubles.of(call, 1), 3, cells, w.shape()[0]);
        Window window = window(call, x.shape(), w.shape());
        double[] y = convolve(call, shifted, x.shape(), weights, w.shape(), window);
        return List.of(Doubles.datum(DType.INT32, shape(x.shape(), w.shape()[0], window), y));
    }

    /** Numbers without their zero point, one for all or one for each of {@code channels} of {@code cells} numbers. */
    static double[] minus(Call call, double[] values, int index, int cells, int channels) {
        if (!call.has(index)) {
            return values;
        }
        double[] zero = Doubles.of(call, index);
        double[] shifted = new double[values.length];
        Arrays.setAll(shifted, i -> values[i] - zero[zero.length == 1 ? 0 : i / cells % channels]);
        return shifted;
    }

    static Window window(Call call, int[] x, int[] w) {
        int[] kernel = call.integers("kernel_shape").map(Position::ints).orElseGet(() -> Position.behind(w, 2));
        return Window.of(call, Position.behind(x, 2), kernel, Window.Places.FLOOR);
    }

    static int[] shape(int[] x, int channels, Window window) {
        return Shapes.concat(new int[] {x[0], channels}, window.output());
    }

    /** {@code y[n, m, p] = sum over c, k of x[n, c, p + k] * w[m, c, k]} within each group. */
    static double[] convolve(Call call, double[] x, int[] xShape, double[] w, int[] wShape, Window window) {
        int groups = Math.toIntExact(call.integer("group", 1));
        int inner = wShape[1];
        int channels = wShape[0];
        if (groups < 1 || xShape[1] != inner * groups || channels % groups != 0) {
            throw call.malformed(xShape[1] + " channels, weights for " + inner + " in each of " + groups + " groups");
        }
        int inputs = Array.size(window.input());
        int places = Array.size(window.output());
        int cells = window.cells();
        double[] y = new double[xShape[0] * channels * places];
        double[] pixels = call.sums().factors(x);
        double[] weights = call.sums().factors(w);
        double[] patch = new double[inner * cells];
        int[] at = {0};
        Position.each(window.output(), place -> {
            int[] under = window.under(place);
            for (int n = 0; n < xShape[0]; n++) {
                for (int group = 0; group < groups; group++) {
                    int base = (n * groups + group) * inner * inputs;
                    for (int i = 0; i < patch.length; i++) {
                        int cell = under[i % cells];
                        patch[i] = cell < 0 ? 0 : pixels[base + i / cells * inputs + cell];
                    }
                    for (int m = group * (channels / groups); m < (group + 1) * (channels / groups); m++) {
                        y[(n * channels + m) * places + at[0]] =
                                call.sums().dot(patch, 0, weights, m * patch.length, patch.length);
                    }
                }
            }
            at[0]++;
        });
        return y;
    }

    private static List<Datum> causal(Call call) {
        Array.Reals x = call.reals(0);
        Array.Reals w = call.reals(1);
        int length = x.shape()[2];
        int taps = w.shape()[2];
        int carried = taps - 1;
        int rows = x.shape()[0] * x.shape()[1];
        double[] bias = call.has(2) ? call.reals(2).values() : new double[x.shape()[1]];
        double[] past = call.has(3) ? call.reals(3).values() : new double[rows * carried];
        double[] y = new double[x.size()];
        double[] present = new double[rows * carried];
        boolean swish = swish(call);
        for (int row = 0; row < rows; row++) {
            int channel = row % x.shape()[1];
            double[] line = Arrays.copyOfRange(past, row * carried, row * carried + carried + length);
            System.arraycopy(x.values(), row * length, line, carried, length);
            for (int t = 0; t < length; t++) {
                double sum = call.sums().dot(line, t, w.values(), channel * taps, taps) + bias[channel];
                y[row * length + t] = swish ? sum / (1 + StrictMath.exp(-sum)) : sum;
            }
            System.arraycopy(line, length, present, row * carried, carried);
        }
        return List.of(
                Doubles.datum(x.dtype(), x.shape(), y),
                Doubles.datum(x.dtype(), new int[] {x.shape()[0], x.shape()[1], carried}, present));
    }

    private static boolean swish(Call call) {
        return switch (call.text("activation", "none")) {
            case "none" -> false;
            case "silu", "swish" -> true;
            default -> throw call.malformed("activation " + call.text("activation", ""));
        };
    }
}
