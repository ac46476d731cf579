package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import java.util.List;
import java.util.Optional;

/** Attention-23: tensors of rank 3 are [batch, sequence, heads·size], of rank 4 [batch, heads, sequence, size]. */
final class AttentionShapes {
    private static final Dim UNKNOWN = new Dim.Unknown();

    private AttentionShapes() {}

    static void register(ShapeRules rules) {
        rules.add("Attention", AttentionShapes::attention);
        rules.add("RotaryEmbedding", ElementwiseShapes::same);
    }

    private static List<Fact> attention(Inference at) {
        if (at.rank(0).isEmpty()) {
            return List.of(Fact.of(at.dtype(0), Optional.empty()));
        }
        boolean split = at.rank(0).get() == 4;
        long heads = at.integer("q_num_heads", 0);
        long keys = at.integer("kv_num_heads", 0);
        Dim batch = at.dim(0, 0);
        Dim queries = at.dim(0, split ? 2 : 1);
        Dim queryHeads = split ? at.dim(0, 1) : heads > 0 ? Sizes.fixed(heads) : UNKNOWN;
        Dim keyHeads = split ? at.dim(1, 1) : keys > 0 ? Sizes.fixed(keys) : UNKNOWN;
        Dim keySize = split ? at.dim(1, 3) : keys > 0 ? Sizes.floorDiv(at.dim(1, 2), keys) : UNKNOWN;
        Dim valueSize = split ? at.dim(2, 3) : keys > 0 ? Sizes.floorDiv(at.dim(2, 2), keys) : UNKNOWN;
        Dim fresh = at.dim(1, split ? 2 : 1);
        Dim total = at.has(4) ? Sizes.plus(at.dim(4, 2), fresh) : fresh;
        List<Dim> out = split
                ? List.of(batch, queryHeads, queries, valueSize)
                : List.of(batch, queries, Sizes.times(queryHeads, valueSize));
        return List.of(
                Fact.of(at.dtype(0), Optional.of(out)),
                Fact.of(at.dtype(1), Optional.of(List.of(batch, keyHeads, total, keySize))),
                Fact.of(at.dtype(2), Optional.of(List.of(batch, keyHeads, total, valueSize))),
                Fact.of(at.dtype(0), Optional.of(List.of(batch, queryHeads, queries, total))));
    }
}
