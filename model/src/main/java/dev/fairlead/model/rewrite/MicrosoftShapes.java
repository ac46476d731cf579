package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import java.util.List;
import java.util.Optional;

/** Operators of ONNX Runtime's own domain. */
final class MicrosoftShapes {
    private static final String DOMAIN = "com.microsoft";

    private MicrosoftShapes() {}

    static void register(ShapeRules rules) {
        for (String op : List.of(
                "QuickGelu", "FastGelu", "Gelu", "BiasGelu", "RotaryEmbedding", "SimplifiedLayerNormalization")) {
            rules.add(DOMAIN, op, ElementwiseShapes::same);
        }
        rules.add(DOMAIN, "SkipLayerNormalization", MicrosoftShapes::skip);
        rules.add(DOMAIN, "SkipSimplifiedLayerNormalization", MicrosoftShapes::skip);
        rules.add(DOMAIN, "FusedMatMul", MicrosoftShapes::plainProduct);
        rules.add(DOMAIN, "MatMulNBits", MicrosoftShapes::blockwise);
        rules.add(DOMAIN, "GroupQueryAttention", MicrosoftShapes::grouped);
        rules.add(DOMAIN, "MultiHeadAttention", MicrosoftShapes::multiHead);
        rules.add(DOMAIN, "DequantizeLinear", at -> List.of(Fact.of(at.dtype(1), at.shape(0))));
        rules.add(DOMAIN, "QuantizeLinear", at -> List.of(Fact.of(at.dtype(2), at.shape(0))));
        rules.add(DOMAIN, "Inverse", ElementwiseShapes::same);
        rules.add(DOMAIN, "Trilu", ElementwiseShapes::same);
        rules.add(DOMAIN, "GatherBlockQuantized", at -> List.of(Fact.of(at.dtype(2), Optional.empty())));
    }

    /** The sum of input and skip is the fourth output. */
    private static List<Fact> skip(Inference at) {
        Fact same = at.input(0).outline();
        return List.of(same, Fact.UNKNOWN, Fact.UNKNOWN, same);
    }

    private static List<Fact> plainProduct(Inference at) {
        boolean plain = at.integer("transA", 0) == 0
                && at.integer("transB", 0) == 0
                && at.integer("transBatchA", 0) == 0
                && at.integer("transBatchB", 0) == 0;
        return List.of(
                Fact.of(at.dtype(0), plain ? MatrixShapes.product(at, at.shape(0), at.shape(1)) : Optional.empty()));
    }

    private static List<Fact> blockwise(Inference at) {
        Optional<List<Dim>> out = at.shape(0)
                .filter(shape -> !shape.isEmpty() && at.integer("N", -1) >= 0)
                .map(shape -> Shapes.with(shape, shape.size() - 1, Sizes.fixed(at.integer("N", 0))));
        return List.of(Fact.of(at.dtype(0), out));
    }

    /** Query is [batch, sequence, heads·size]; packed, it holds keys and values too. */
    private static List<Fact> grouped(Inference at) {
        long heads = at.integer("num_heads", 0);
        long keys = at.integer("kv_num_heads", 0);
        if (heads < 1 || keys < 1) {
            return List.of(Fact.of(at.dtype(0), Optional.empty()));
        }
        boolean packed = !at.has(1);
        Dim size = Sizes.floorDiv(at.dim(0, 2), packed ? heads + 2 * keys : heads);
        Dim batch = at.dim(0, 0);
        Fact out = Fact.of(at.dtype(0), Optional.of(List.of(batch, at.dim(0, 1), Sizes.times(size, heads))));
        Fact present = Fact.of(
                at.dtype(3).or(() -> at.dtype(0)),
                Optional.of(List.of(batch, Sizes.fixed(keys), new Dim.Unknown(), size)));
        return List.of(out, present, present);
    }

    private static List<Fact> multiHead(Inference at) {
        boolean plain = at.rank(0).orElse(0) == 3 && at.rank(2).orElse(0) == 3;
        Optional<List<Dim>> out =
                plain ? Optional.of(List.of(at.dim(0, 0), at.dim(0, 1), at.dim(2, 2))) : Optional.empty();
        return List.of(Fact.of(at.dtype(0), out));
    }
}
