package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.List;

/** DFT, STFT, their windows and MelWeightMatrix. */
final class SignalKernels {
    private SignalKernels() {}

    static void register(Kernels kernels) {
        kernels.add("DFT", SignalKernels::dft);
        kernels.add("STFT", SignalKernels::stft);
        kernels.add("HannWindow", call -> window(call, 0.5, 0.5, 0));
        // The page's 25/46, and the rest of it.
        kernels.add("HammingWindow", call -> window(call, 25.0 / 46, 21.0 / 46, 0));
        kernels.add("BlackmanWindow", call -> window(call, 0.42, 0.5, 0.08));
        kernels.add("MelWeightMatrix", SignalKernels::mel);
    }

    /** {@code a - b cos(2 pi n / N) + c cos(4 pi n / N)}, N being the size or one less than it. */
    private static List<Datum> window(Call call, double a, double b, double c) {
        int size = Math.toIntExact(call.integers(0).values()[0]);
        double length = call.integer("periodic", 1) == 1 ? size : size - 1;
        double[] y = new double[size];
        Arrays.setAll(
                y,
                n -> size == 1
                        ? 1
                        : a
                                - b * StrictMath.cos(2 * Math.PI * n / length)
                                + c * StrictMath.cos(4 * Math.PI * n / length));
        return List.of(Doubles.datum(Doubles.dtype(call, "output_datatype", 1), new int[] {size}, y));
    }

    private static List<Datum> dft(Call call) {
        Array.Reals x = call.reals(0);
        boolean inverse = call.integer("inverse", 0) == 1;
        boolean half = call.integer("onesided", 0) == 1;
        // The axis became an input in version 20.
        long given = call.opset() < 20
                ? call.integer("axis", 1)
                : call.has(2) ? call.integers(2).values()[0] : -2;
        int axis = Shapes.axis(call, given, x.rank());
        if (axis == x.rank() - 1) {
            throw call.malformed("axis " + given + " is that of the parts");
        }
        int input = x.shape()[axis];
        boolean back = inverse && half;
        int length = call.has(1) ? Math.toIntExact(call.integers(1).values()[0]) : back ? 2 * (input - 1) : input;
        int bins = half && !inverse ? length / 2 + 1 : length;
        int parts = x.shape()[x.rank() - 1];
        int outer = Array.size(Position.before(x.shape(), axis));
        int inner = Array.size(Position.behind(x.shape(), axis + 1)) / parts;
        int written = back ? 1 : 2;
        double[] y = new double[outer * bins * inner * written];
        for (int lane = 0; lane < outer * inner; lane++) {
            double[] line = new double[2 * length];
            for (int n = 0; n < Math.min(length, input); n++) {
                int from = ((lane / inner * input + n) * inner + lane % inner) * parts;
                line[2 * n] = x.values()[from];
                line[2 * n + 1] = parts == 2 ? x.values()[from + 1] : 0;
            }
            if (back) {
                mirror(line, Math.min(length / 2 + 1, input));
            }
            double[] transformed = Fourier.transform(line, inverse);
            for (int k = 0; k < bins; k++) {
                int to = ((lane / inner * bins + k) * inner + lane % inner) * written;
                System.arraycopy(transformed, 2 * k, y, to, written);
            }
        }
        int[] shape = x.shape().clone();
        shape[axis] = bins;
        shape[shape.length - 1] = written;
        return List.of(Doubles.datum(x.dtype(), shape, y));
    }

    /** Completes a spectrum of a real signal from its first bins; what such a signal cannot have, is dropped. */
    private static void mirror(double[] line, int bins) {
        int length = line.length / 2;
        Arrays.fill(line, 2 * bins, line.length, 0);
        for (int k = 1; k < bins && length - k >= length / 2 + length % 2; k++) {
            line[2 * (length - k)] = line[2 * k];
            line[2 * (length - k) + 1] = -line[2 * k + 1];
        }
        line[1] = 0;
        if (length % 2 == 0 && length > 0) {
            line[length + 1] = 0;
        }
    }

    /** Inputs: signal, frame_step, window, frame_length. */
    private static List<Datum> stft(Call call) {
        Array.Reals signal = call.reals(0);
        int step = Math.toIntExact(call.integers(1).values()[0]);
        int samples = signal.shape()[1];
        int parts = signal.rank() == 3 ? signal.shape()[2] : 1;
        int length = call.has(3)
                ? Math.toIntExact(call.integers(3).values()[0])
                : call.has(2) ? call.array(2).size() : samples;
        double[] window = call.has(2) ? call.reals(2).values() : null;
        if (window != null && window.length != length) {
            throw call.malformed("a window of " + window.length + " for frames of " + length);
        }
        boolean half = call.integer("onesided", 1) == 1;
        if (half && parts == 2) {
            throw call.malformed("a one-sided transform of a complex signal");
        }
        int frames = 1 + (samples - length) / step;
        int bins = half ? length / 2 + 1 : length;
        double[] y = new double[signal.shape()[0] * frames * bins * 2];
        for (int frame = 0; frame < signal.shape()[0] * frames; frame++) {
            double[] line = new double[2 * length];
            for (int n = 0; n < length; n++) {
                int from = (frame / frames * samples + frame % frames * step + n) * parts;
                double weight = window == null ? 1 : window[n];
                line[2 * n] = weight * signal.values()[from];
                line[2 * n + 1] = parts == 2 ? weight * signal.values()[from + 1] : 0;
            }
            System.arraycopy(Fourier.transform(line, false), 0, y, frame * bins * 2, bins * 2);
        }
        return List.of(Doubles.datum(signal.dtype(), new int[] {signal.shape()[0], frames, bins, 2}, y));
    }

    /** Inputs: num_mel_bins, dft_length, sample_rate, lower_edge_hertz, upper_edge_hertz. */
    private static List<Datum> mel(Call call) {
        int bands = Math.toIntExact(call.integers(0).values()[0]);
        long length = call.integers(1).values()[0];
        double rate = call.integers(2).values()[0];
        double low = 2595 * StrictMath.log10(1 + call.reals(3).values()[0] / 700);
        double high = 2595 * StrictMath.log10(1 + call.reals(4).values()[0] / 700);
        int[] edges = new int[bands + 2];
        Arrays.setAll(edges, i -> {
            double hertz = 700 * (StrictMath.pow(10, (low + i * (high - low) / edges.length) / 2595) - 1);
            return (int) Math.floor((length + 1) * hertz / rate);
        });
        int bins = Math.toIntExact(length / 2 + 1);
        double[] y = new double[bins * bands];
        for (int band = 0; band < bands; band++) {
            int left = edges[band];
            int center = edges[band + 1];
            int right = edges[band + 2];
            if (left < 0 || right > bins) {
                throw call.malformed("the edges are outside the spectrum");
            }
            for (int bin = left; bin <= center; bin++) {
                y[bin * bands + band] = left == center ? 1 : (double) (bin - left) / (center - left);
            }
            for (int bin = center; bin < right; bin++) {
                y[bin * bands + band] = (double) (right - bin) / (right - center);
            }
        }
        DType dtype = Doubles.dtype(call, "output_datatype", 1);
        return List.of(Doubles.datum(dtype, new int[] {bins, bands}, y));
    }
}
