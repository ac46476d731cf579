package dev.fairlead.model.interpret;

import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Attention of opsets 23 and 24, and the previewed FlexAttention. */
final class AttentionKernels {
    private AttentionKernels() {}

    static void register(Kernels kernels) {
        kernels.add("Attention", AttentionKernels::attention);
        kernels.add("ai.onnx.preview", "FlexAttention", AttentionKernels::flexible);
    }

    /** Inputs: Q, K, V, attn_mask, past_key, past_value, nonpad_kv_seqlen. */
    private static List<Datum> attention(Call call) {
        int keyHeads = Math.toIntExact(call.integer("kv_num_heads", 0));
        Heads q = Heads.of(call, 0, Math.toIntExact(call.integer("q_num_heads", 0)));
        Heads k = Heads.of(call, 1, keyHeads);
        Heads v = Heads.of(call, 2, keyHeads);
        int past = 0;
        if (call.has(4)) {
            Heads pastKeys = Heads.of(call, 4, 0);
            past = pastKeys.length();
            k = k.after(pastKeys);
            v = v.after(Heads.of(call, 5, 0));
        }
        double scale = call.real("scale", 1 / Math.sqrt(q.size()));
        double[] scores = ScaledDotProduct.scores(call, q, k, scale);
        double[] capped = ScaledDotProduct.capped(scores, call.real("softcap", 0));
        double[] biased = ScaledDotProduct.biased(capped, q, k.length(), bias(call, q, k.length(), past));
        double[] weights = ScaledDotProduct.softmax(call, biased, k.length());
        Heads y = ScaledDotProduct.output(call, weights, q, v);
        DType dtype = call.reals(0).dtype();
        int mode = Math.toIntExact(call.integer("qk_matmul_output_mode", 0));
        if (mode < 0 || mode > 3) {
            throw call.malformed("attribute qk_matmul_output_mode is " + mode);
        }
        int[] shape = {q.batch(), q.heads(), q.length(), k.length()};
        return List.of(
                call.array(0).rank() == 3 ? y.packed(dtype) : y.datum(dtype),
                k.datum(call.reals(1).dtype()),
                v.datum(call.reals(2).dtype()),
                Doubles.datum(
                        dtype, shape, List.of(scores, capped, biased, weights).get(mode)));
    }

    private static ScaledDotProduct.Bias bias(Call call, Heads q, int keys, int past) {
        boolean causal = call.integer("is_causal", 0) == 1;
        ScaledDotProduct.Bias mask = call.has(3) ? mask(call, q, keys) : (n, head, i, j) -> 0;
        long[] valid = call.has(6) ? call.integers(6).values() : null;
        return (n, head, i, j) -> {
            boolean hidden = (causal && j > past + i) || (valid != null && j >= valid[n]);
            return hidden ? Double.NEGATIVE_INFINITY : mask.of(n, head, i, j);
        };
    }

    /** The mask may have fewer keys than there are, even one; the others are masked, as the operator's function body has it. */
    private static ScaledDotProduct.Bias mask(Call call, Heads q, int keys) {
        Array array = call.array(3);
        double[] values = additive(call, array);
        int[] shape = Shapes.concat(Position.filled(4 - array.rank(), 1), array.shape());
        if (shape.length != 4 || shape[3] > keys) {
            throw call.malformed("mask of " + Arrays.toString(array.shape()) + " for " + keys + " keys");
        }
        int[] to = {q.batch(), q.heads(), q.length(), shape[3]};
        int[] from = Position.broadcast(call, shape, to);
        return (n, head, i, j) ->
                j >= shape[3] ? Double.NEGATIVE_INFINITY : values[from[((n * to[1] + head) * to[2] + i) * to[3] + j]];
    }

    private static double[] additive(Call call, Array array) {
        return switch (array) {
            case Array.Reals reals -> reals.values();
            case Array.Integers(DType dtype, int[] _, long[] values)
            when dtype == DType.BOOL ->
                Arrays.stream(values)
                        .mapToDouble(seen -> seen != 0 ? 0 : Double.NEGATIVE_INFINITY)
                        .toArray();
            case Array.Integers integers -> Numbers.doubles(call, integers);
            case Array.Complexes _, Array.Texts _ -> throw call.malformed("the mask holds no real numbers");
        };
    }

    private static List<Datum> flexible(Call call) {
        Heads q = Heads.of(call, 0, 0);
        Heads k = Heads.of(call, 1, 0);
        Heads v = Heads.of(call, 2, 0);
        DType dtype = call.reals(0).dtype();
        long code = dtype == DType.FLOAT64 ? 11 : 1;
        DType precision = Doubles.dtype(call, "softmax_precision", code);
        int[] shape = {q.batch(), q.heads(), q.length(), k.length()};
        double scale = call.real("scale", 1 / Math.sqrt(q.size()));
        double[] scores = ScaledDotProduct.scores(call, q, k, scale);
        scores = modified(call, "score_mod", new Array.Reals(precision, shape, scores));
        double[] weights = ScaledDotProduct.softmax(call, scores, k.length());
        weights = modified(call, "prob_mod", new Array.Reals(precision, shape, weights));
        return List.of(ScaledDotProduct.output(call, weights, q, v).datum(dtype));
    }

    private static double[] modified(Call call, String name, Array.Reals input) {
        if (call.attribute(name) == null) {
            return input.values();
        }
        Graph graph = call.graph(name);
        List<Datum> outputs = new ArrayList<>(call.subgraphs().run(graph, List.of(Datum.of(input))));
        if (outputs.size() == 1
                && outputs.getFirst() instanceof Datum.Dense(Array.Reals output)
                && Arrays.equals(output.shape(), input.shape())) {
            return output.values();
        }
        throw call.malformed("graph " + name + " does not keep the shape");
    }
}
