package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.List;

/** Attention of ONNX Runtime, which projects its input to queries, keys and values itself. */
final class ProjectedAttentionKernels {
    private ProjectedAttentionKernels() {}

    static void register(Kernels kernels) {
        kernels.add("com.microsoft", "Attention", ProjectedAttentionKernels::run);
    }

    /** Inputs: input, weights, bias, mask_index, past, attention_bias; shared buffers are refused. */
    private static List<Datum> run(Call call) {
        if (call.integer("do_rotary", 0) != 0 || call.integer("past_present_share_buffer", 0) != 0 || call.has(6)) {
            throw call.unsupported("rotated queries and shared buffers");
        }
        Array.Reals input = call.reals(0);
        int heads = Math.toIntExact(call.integer("num_heads"));
        int total = call.array(1).shape()[1];
        int[] widths =
                call.integers("qkv_hidden_sizes").map(Position::ints).orElseGet(() -> Position.filled(3, total / 3));
        Array projected = MatrixKernels.matmul(call, input, call.reals(1));
        double[] all = Numbers.doubles(call, projected).clone();
        double[] bias = call.has(2) ? call.reals(2).values() : new double[total];
        for (int i = 0; i < all.length; i++) {
            all[i] += bias[i % total];
        }
        int[] shape = input.shape();
        Heads q = part(all, shape, total, 0, widths[0], heads);
        Heads k = part(all, shape, total, widths[0], widths[1], heads);
        Heads v = part(all, shape, total, widths[0] + widths[1], widths[2], heads);
        int past = 0;
        if (call.has(4)) {
            // Keys and values of the past lie behind each other.
            double[] both = call.reals(4).values();
            int[] own = call.reals(4).shape();
            past = own[3];
            int half = both.length / 2;
            k = k.after(new Heads(Arrays.copyOf(both, half), own[1], own[2], past, own[4]));
            v = v.after(new Heads(Arrays.copyOfRange(both, half, 2 * half), own[1], own[2], past, own[4]));
        }
        double given = call.real("scale", 0);
        double scale = given == 0 ? 1 / Math.sqrt(q.size()) : given;
        double[] scores = ScaledDotProduct.scores(call, q, k, scale);
        ScaledDotProduct.Bias masks = MultiHeadKernels.bias(call, q, k.length(), past, 3, 5);
        double[] weights =
                ScaledDotProduct.softmax(call, ScaledDotProduct.biased(scores, q, k.length(), masks), k.length());
        DType dtype = input.dtype();
        Datum output = ScaledDotProduct.output(call, weights, q, v).packed(dtype);
        if (k.size() != v.size()) {
            return List.of(output);
        }
        int[] present = {2, k.batch(), k.heads(), k.length(), k.size()};
        return List.of(output, Doubles.datum(dtype, present, joined(k.values(), v.values())));
    }

    private static double[] joined(double[] first, double[] second) {
        double[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static Heads part(double[] all, int[] shape, int total, int from, int width, int heads) {
        double[] own = new double[shape[0] * shape[1] * width];
        Arrays.setAll(own, i -> all[i / width * total + from + i % width]);
        return Heads.packed(own, shape[0], shape[1], heads, width / heads);
    }
}
