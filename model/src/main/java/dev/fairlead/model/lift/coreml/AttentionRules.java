package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Attention, written out: {@code softmax(Q · Kᵀ / √E + mask) · V}. */
final class AttentionRules {
    private AttentionRules() {}

    static void register(Rules rules) {
        rules.add("scaled_dot_product_attention", AttentionRules::attention);
    }

    private static void attention(Invocation call, Emitter out) {
        Operand query = call.get("query");
        Operand key = call.get("key");
        int rank = call.rank(query);
        DType dtype = call.dtype(query);
        long size = call.size(query, rank - 1)
                .orElseThrow(() -> call.unsupported("the size of a query's vectors is not known"));
        List<Integer> perm = new ArrayList<>(Slicing.axes(call.rank(key)));
        perm.set(perm.size() - 2, perm.size() - 1);
        perm.set(perm.size() - 1, perm.size() - 2);
        String transposed = out.inner("Transpose", Attributes.of("perm", perm), out.of(key));
        String scaled = out.inner("Mul", out.of(query), out.scalar(dtype, 1 / Math.sqrt((double) size)));
        String scores = out.inner("MatMul", scaled, transposed);
        if (call.has("attn_mask")) {
            scores = out.inner("Add", scores, mask(call.get("attn_mask"), dtype, call, out));
        }
        String weights = out.inner("Softmax", Attributes.of("axis", -1), scores);
        out.result("MatMul", weights, out.of(call.get("value")));
    }

    /** What is added to the scores: of truth values nothing where an element takes part, and minus infinity elsewhere. */
    private static String mask(Operand mask, DType dtype, Invocation call, Emitter out) {
        if (call.dtype(mask) == DType.BOOL) {
            return out.inner("Where", out.of(mask), out.scalar(dtype, 0), out.scalar(dtype, Double.NEGATIVE_INFINITY));
        }
        return out.as(mask, dtype);
    }
}
