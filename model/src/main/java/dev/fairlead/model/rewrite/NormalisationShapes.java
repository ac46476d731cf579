package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Normalisation, softmax, dropout and losses. */
final class NormalisationShapes {
    private NormalisationShapes() {}

    static void register(ShapeRules rules) {
        rules.add(
                List.of(
                        "Softmax",
                        "LogSoftmax",
                        "Hardmax",
                        "LpNormalization",
                        "LRN",
                        "MeanVarianceNormalization",
                        "InstanceNormalization",
                        "GroupNormalization",
                        "RMSNormalization"),
                ElementwiseShapes::same);
        rules.add("BatchNormalization", NormalisationShapes::batch);
        rules.add("LayerNormalization", NormalisationShapes::layer);
        rules.add("Dropout", NormalisationShapes::dropout);
        rules.add("NegativeLogLikelihoodLoss", at -> List.of(loss(at)));
        rules.add("SoftmaxCrossEntropyLoss", at -> List.of(loss(at), at.input(0).outline()));
    }

    /** Y, then the running mean and variance; version 8 and older have five outputs of the same sizes. */
    private static List<Fact> batch(Inference at) {
        return List.of(
                at.input(0).outline(),
                at.input(3).outline(),
                at.input(4).outline(),
                at.input(3).outline(),
                at.input(4).outline());
    }

    /** Mean and inverse deviation are float32, or as stash_type says, and keep the normalised axes with size 1. */
    private static List<Fact> layer(Inference at) {
        Optional<DType> stash = at.integer("stash_type").isEmpty()
                ? Optional.of(DType.FLOAT32)
                : ElementwiseShapes.type(at, "stash_type");
        Optional<List<Dim>> kept = at.shape(0).map(shape -> {
            int axis = at.axis(at.integer("axis", -1), shape.size());
            List<Dim> out = new ArrayList<>(shape.subList(0, Math.min(axis, shape.size())));
            while (out.size() < shape.size()) {
                out.add(Sizes.fixed(1));
            }
            return out;
        });
        return List.of(at.input(0).outline(), Fact.of(stash, kept), Fact.of(stash, kept));
    }

    private static List<Fact> dropout(Inference at) {
        Optional<DType> mask = at.opset() < 10 ? at.dtype(0) : Optional.of(DType.BOOL);
        return List.of(at.input(0).outline(), Fact.of(mask, at.shape(0)));
    }

    private static Fact loss(Inference at) {
        boolean each = at.text("reduction", "mean").equals("none");
        return Fact.of(at.dtype(0), each ? at.shape(1) : Optional.of(List.of()));
    }
}
