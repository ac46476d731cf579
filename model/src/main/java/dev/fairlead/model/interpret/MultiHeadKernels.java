package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.List;

/** MultiHeadAttention of ONNX Runtime. */
final class MultiHeadKernels {
    private MultiHeadKernels() {}

    static void register(Kernels kernels) {
        kernels.add("com.microsoft", "MultiHeadAttention", MultiHeadKernels::run);
    }

    /**
     * Inputs: query, key, value, bias, key_padding_mask, attention_bias, past_key, past_value, and those of shared buffers, which are
     * refused.
     */
    private static List<Datum> run(Call call) {
        if (call.has(8) || call.has(9)) {
            throw call.unsupported("shared buffers of keys and values");
        }
        Heads q;
        Heads k;
        Heads v;
        int heads = Math.toIntExact(call.integer("num_heads"));
        if (call.array(0).rank() == 5) {
            q = packed(call, 0, 0);
            k = packed(call, 0, 1);
            v = packed(call, 0, 2);
        } else {
            q = Heads.of(call, 0, heads);
            k = call.array(1).rank() == 5 ? packed(call, 1, 0) : Heads.of(call, 1, heads);
            v = call.array(1).rank() == 5 ? packed(call, 1, 1) : Heads.of(call, 2, heads);
        }
        if (call.has(3)) {
            double[] bias = call.reals(3).values();
            int width = heads * q.size();
            q = shifted(q, bias, 0);
            k = shifted(k, bias, width);
            v = shifted(v, bias, 2 * width);
        }
        int past = 0;
        if (call.has(6)) {
            Heads before = Heads.of(call, 6, heads);
            past = before.length();
            k = k.after(before);
            v = v.after(Heads.of(call, 7, heads));
        }
        double given = call.real("scale", 0);
        double scale = given == 0 ? 1 / Math.sqrt(q.size()) : given;
        double[] scores = ScaledDotProduct.scores(call, q, k, scale);
        double[] biased = ScaledDotProduct.biased(scores, q, k.length(), bias(call, q, k.length(), past, 4, 5));
        double[] weights = ScaledDotProduct.softmax(call, biased, k.length());
        DType dtype = call.reals(0).dtype();
        int[] shape = {q.batch(), q.heads(), q.length(), k.length()};
        return List.of(
                ScaledDotProduct.output(call, weights, q, v).packed(dtype),
                k.datum(dtype),
                v.datum(dtype),
                Doubles.datum(dtype, shape, biased));
    }

    /** One part of {@code [batch][place][head][part][component]}. */
    private static Heads packed(Call call, int index, int part) {
        Array.Reals all = call.reals(index);
        int[] shape = all.shape();
        int size = shape[4];
        double[] values = new double[all.size() / shape[3]];
        Arrays.setAll(values, i -> all.values()[(i / size * shape[3] + part) * size + i % size]);
        return Heads.packed(values, shape[0], shape[1], shape[2], size);
    }

    private static Heads shifted(Heads x, double[] bias, int from) {
        double[] values = x.values().clone();
        for (int i = 0; i < values.length; i++) {
            int head = i / x.size() / x.length() % x.heads();
            values[i] += bias[from + head * x.size() + i % x.size()];
        }
        return new Heads(values, x.batch(), x.heads(), x.length(), x.size());
    }

    /**
     * What is added to the scores.
     *
     * @param mask the input with the padding mask
     * @param bias the input with numbers to add
     */
    static ScaledDotProduct.Bias bias(Call call, Heads q, int keys, int past, int mask, int bias) {
        boolean causal = call.integer("unidirectional", 0) == 1;
        ScaledDotProduct.Bias padding = padding(call, q, keys, mask);
        double[] added = call.has(bias) ? call.reals(bias).values() : null;
        int[] from = call.has(bias)
                ? Position.broadcast(call, call.reals(bias).shape(), new int[] {q.batch(), q.heads(), q.length(), keys})
                : new int[0];
        return (n, head, i, j) -> {
            if (causal && j > past + i) {
                return Double.NEGATIVE_INFINITY;
            }
            double own = added == null ? 0 : added[from[((n * q.heads() + head) * q.length() + i) * keys + j]];
            return own + padding.of(n, head, i, j);
        };
    }

    /** Padding is not masked, but made small by {@code mask_filter_value}. */
    private static ScaledDotProduct.Bias padding(Call call, Heads q, int keys, int input) {
        if (!call.has(input)) {
            return (n, head, i, j) -> 0;
        }
        double small = call.real("mask_filter_value", -10000);
        Array.Integers mask = call.integers(input);
        long[] values = mask.values();
        int[] shape = mask.shape();
        if (shape.length == 1 && shape[0] == q.batch()) {
            return (n, head, i, j) -> j < values[n] ? 0 : small;
        }
        if (shape.length == 2 && shape[1] == keys) {
            return (n, head, i, j) -> values[n * keys + j] != 0 ? 0 : small;
        }
        if (shape.length == 3 && shape[2] == keys) {
            return (n, head, i, j) -> values[(n * q.length() + i) * keys + j] != 0 ? 0 : small;
        }
        throw call.unsupported("a key padding mask of rank " + shape.length);
    }
}
