package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.List;

/** LinearAttention: a state for each key head that every token updates. */
final class LinearAttentionKernels {
    private LinearAttentionKernels() {}

    static void register(Kernels kernels) {
        kernels.add("LinearAttention", LinearAttentionKernels::run);
    }

    /** Inputs: query, key, value, past_state, decay, beta. */
    private static List<Datum> run(Call call) {
        int keyHeads = Math.toIntExact(call.integer("kv_num_heads"));
        Heads q = Heads.of(call, 0, Math.toIntExact(call.integer("q_num_heads")));
        Heads k = Heads.of(call, 1, keyHeads);
        Heads v = Heads.of(call, 2, keyHeads);
        String rule = call.text("update_rule", "gated_delta");
        boolean gated = rule.startsWith("gated");
        boolean delta = rule.endsWith("delta");
        if (!List.of("linear", "gated", "delta", "gated_delta").contains(rule)) {
            throw call.malformed("update_rule " + rule);
        }
        double given = call.real("scale", 0);
        double scale = given == 0 ? 1 / Math.sqrt(q.size()) : given;
        int cells = k.size() * v.size();
        double[] states = call.has(3) ? call.reals(3).values().clone() : new double[k.batch() * keyHeads * cells];
        int shared = q.heads() / keyHeads;
        double[] y = new double[q.batch() * q.heads() * q.length() * v.size()];
        for (int n = 0; n < q.batch(); n++) {
            for (int head = 0; head < keyHeads; head++) {
                int from = (n * keyHeads + head) * cells;
                double[] state = Arrays.copyOfRange(states, from, from + cells);
                for (int t = 0; t < q.length(); t++) {
                    int token = n * q.length() + t;
                    if (gated) {
                        decay(state, v.size(), call.reals(4), token, head, keyHeads);
                    }
                    double rate = delta ? gate(call.reals(5), token, head) : 1;
                    update(state, k, v, k.at(n, head, t), v.at(n, head, t), rate, delta);
                    for (int query = head * shared; query < (head + 1) * shared; query++) {
                        int to = ((n * q.heads() + query) * q.length() + t) * v.size();
                        int at = q.at(n, query, t);
                        for (int i = 0; i < cells; i++) {
                            int cell = to + i % v.size();
                            y[cell] = call.sums().add(y[cell], scale * q.values()[at + i / v.size()] * state[i]);
                        }
                    }
                }
                System.arraycopy(state, 0, states, from, cells);
            }
        }
        DType stateType = call.has(3) ? call.reals(3).dtype() : call.reals(0).dtype();
        Heads output = new Heads(y, q.batch(), q.heads(), q.length(), v.size());
        return List.of(
                output.packed(call.reals(0).dtype()),
                Doubles.datum(stateType, new int[] {k.batch(), keyHeads, k.size(), v.size()}, states));
    }

    /** The decay is of each head, or of each key component of a head. */
    private static void decay(double[] state, int valueSize, Array.Reals decay, int token, int head, int heads) {
        int width = decay.shape()[2] / heads;
        for (int i = 0; i < state.length; i++) {
            int component = width == 1 ? 0 : i / valueSize;
            state[i] *= StrictMath.exp(decay.values()[(token * heads + head) * width + component]);
        }
    }

    private static double gate(Array.Reals beta, int token, int head) {
        int width = beta.shape()[2];
        return beta.values()[token * width + (width == 1 ? 0 : head)];
    }

    /** {@code S += rate * k (v - S^T k)}, or without the delta {@code S += k v}. */
    private static void update(double[] state, Heads k, Heads v, int key, int value, double rate, boolean delta) {
        double[] change = Arrays.copyOfRange(v.values(), value, value + v.size());
        for (int i = 0; delta && i < state.length; i++) {
            change[i % v.size()] -= state[i] * k.values()[key + i / v.size()];
        }
        for (int i = 0; i < state.length; i++) {
            state[i] += rate * k.values()[key + i / v.size()] * change[i % v.size()];
        }
    }
}
