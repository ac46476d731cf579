package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.List;

/** GroupQueryAttention of ONNX Runtime: causal attention over a cache whose sequences have lengths of their own. */
final class GroupQueryKernels {
    private GroupQueryKernels() {}

    static void register(Kernels kernels) {
        kernels.add("com.microsoft", "GroupQueryAttention", GroupQueryKernels::run);
    }

    /**
     * Inputs: query, key, value, past_key, past_value, seqlens_k, total_sequence_length, cos_cache, sin_cache, position_ids,
     * attention_bias, head_sink, and quantised caches and norms, which are refused.
     */
    private static List<Datum> run(Call call) {
        refuse(call);
        Heads[] parts = parts(call);
        long[] lengths = call.integers(5).values();
        int total = Math.toIntExact(call.integers(6).values()[0]);
        Heads q = parts[0];
        Heads k = parts[1];
        Heads v = parts[2];
        int[] past = new int[q.batch()];
        // In the first prompt sequences end with padding; later each goes on behind what it has.
        int length = q.length();
        Arrays.setAll(past, n -> length == total ? 0 : Math.toIntExact(lengths[n]) + 1 - length);
        if (call.integer("do_rotary", 0) == 1) {
            q = rotated(call, q, past);
            k = rotated(call, k, past);
        }
        int capacity = Math.max(call.has(3) ? call.array(3).shape()[2] : 0, total);
        Heads keys = cached(call, 3, k, past, capacity);
        Heads values = cached(call, 4, v, past, capacity);
        double given = call.real("scale", 0);
        double scale = given == 0 ? 1 / Math.sqrt(q.size()) : given;
        double[] scores = ScaledDotProduct.scores(call, q, keys, scale);
        double[] capped = ScaledDotProduct.capped(scores, call.real("softcap", 0));
        double[] biased = ScaledDotProduct.biased(capped, q, capacity, bias(call, q, total, past, lengths));
        double[] weights = weights(call, biased, q, capacity);
        DType dtype = call.reals(0).dtype();
        return List.of(
                ScaledDotProduct.output(call, weights, q, values).packed(dtype),
                keys.datum(dtype),
                values.datum(dtype));
    }

    private static void refuse(Call call) {
        for (int index = 12; index < call.inputs(); index++) {
            if (call.has(index)) {
                throw call.unsupported("quantised caches and norms of queries");
            }
        }
        if (call.integer("sliding_window_cache", 0) != 0 || call.integer("qk_output", 0) != 0) {
            throw call.unsupported("sliding caches and the output of scores");
        }
        if (call.has(3) && !(call.array(3) instanceof Array.Reals)) {
            throw call.unsupported("quantised caches and norms of queries");
        }
    }

    /** Query, key and value, which may be side by side in the first input. */
    private static Heads[] parts(Call call) {
        int heads = Math.toIntExact(call.integer("num_heads"));
        int shared = Math.toIntExact(call.integer("kv_num_heads"));
        if (call.has(1)) {
            return new Heads[] {Heads.of(call, 0, heads), Heads.of(call, 1, shared), Heads.of(call, 2, shared)};
        }
        Heads all = Heads.of(call, 0, heads + 2 * shared);
        return new Heads[] {
            all.part(0, heads), all.part(heads, heads + shared), all.part(heads + shared, heads + 2 * shared)
        };
    }

    private static Heads rotated(Call call, Heads x, int[] past) {
        Array.Reals cos = call.reals(7);
        long[] ids = call.has(9) ? call.integers(9).values() : null;
        RotaryKernels.Row row =
                (n, place) -> ids == null ? past[n] + place : Math.toIntExact(ids[n * x.length() + place]);
        boolean interleaved = call.integer("rotary_interleaved", 0) == 1;
        return RotaryKernels.rotate(call, x, cos, call.reals(8), 2 * cos.shape()[1], interleaved, row);
    }

    /** The cache with the new places written behind each sequence's past. */
    private static Heads cached(Call call, int index, Heads now, int[] past, int capacity) {
        double[] all = new double[now.batch() * now.heads() * capacity * now.size()];
        Heads cache = new Heads(all, now.batch(), now.heads(), capacity, now.size());
        for (int n = 0; n < now.batch(); n++) {
            for (int head = 0; head < now.heads(); head++) {
                if (call.has(index)) {
                    Heads before = Heads.of(call, index, 0);
                    int count = Math.min(past[n], before.length()) * now.size();
                    System.arraycopy(before.values(), before.at(n, head, 0), all, cache.at(n, head, 0), count);
                }
                int count = now.length() * now.size();
                System.arraycopy(now.values(), now.at(n, head, 0), all, cache.at(n, head, past[n]), count);
            }
        }
        return cache;
    }

    /** A query sees the keys up to its own place, and with a window only as many of the last. */
    private static ScaledDotProduct.Bias bias(Call call, Heads q, int total, int[] past, long[] lengths) {
        long window = call.integer("local_window_size", -1);
        double[] added = call.has(10) ? call.reals(10).values() : null;
        int[] from = call.has(10)
                ? Position.broadcast(call, call.reals(10).shape(), new int[] {q.batch(), q.heads(), q.length(), total})
                : new int[0];
        return (n, head, i, j) -> {
            int place = past[n] + i;
            if (j > place || j > lengths[n] || (window >= 0 && j <= place - window)) {
                return Double.NEGATIVE_INFINITY;
            }
            return added == null ? 0 : added[from[((n * q.heads() + head) * q.length() + i) * total + j]];
        };
    }

    /** A sink takes part in the sum of a row, but has no value. */
    private static double[] weights(Call call, double[] scores, Heads q, int keys) {
        boolean smooth = call.integer("smooth_softmax", -1) == 1;
        if (!smooth && !call.has(11)) {
            return ScaledDotProduct.softmax(call, scores, keys);
        }
        double[] sinks = call.has(11) ? call.reals(11).values() : new double[q.heads()];
        int rows = scores.length / keys;
        double[] wider = new double[rows * (keys + 1)];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(scores, row * keys, wider, row * (keys + 1), keys);
            wider[row * (keys + 1) + keys] = sinks[row / q.length() % q.heads()];
        }
        double[] all = ScaledDotProduct.softmax(call, wider, keys + 1);
        double[] weights = new double[scores.length];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(all, row * (keys + 1), weights, row * keys, keys);
        }
        return weights;
    }
}
