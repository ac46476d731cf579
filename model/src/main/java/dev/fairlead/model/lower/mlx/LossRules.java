package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.tensor.DType;
import java.util.List;
import java.util.Optional;

/** Losses of classification, and Dropout where it does nothing. */
final class LossRules {
    private LossRules() {}

    static void register(Rules rules) {
        rules.add("NegativeLogLikelihoodLoss", (node, mlx) -> likelihood(node, node.input(0), mlx));
        rules.addAll("SoftmaxCrossEntropyLoss", (node, mlx) -> {
            Operand logarithms = ReduceRules.logSoftmax(node.input(0), 1, mlx);
            return List.of(likelihood(node, logarithms, mlx), logarithms);
        });
        rules.addAll("Dropout", LossRules::dropout);
    }

    /** −w·x of each target's class; a target that is ignored weighs nothing. */
    private static Operand likelihood(Operation node, Operand x, Primitives mlx) {
        Operand target = mlx.cast(node.input(1), DType.INT64);
        Optional<Operand> ignored = node.hasAttribute("ignore_index")
                ? Optional.of(mlx.equal(target, mlx.scalar(DType.INT64, node.integer("ignore_index"))))
                : Optional.empty();
        Operand safe = ignored.map(mask -> mlx.select(mask, mlx.scalar(DType.INT64, 0L), target))
                .orElse(target);
        Operand picked = mlx.squeeze(mlx.takeAlong(x, mlx.expandDims(safe, 1), 1), 1);
        Operand one = mlx.broadcast(mlx.like(x, 1), picked.shape());
        Operand stated = node.has(2) ? mlx.take(node.input(2), safe, 0) : one;
        Operand weights =
                ignored.map(mask -> mlx.select(mask, mlx.like(x, 0), stated)).orElse(stated);
        Operand loss = mlx.multiply(mlx.negative(picked), weights);
        List<Integer> all = Shapes.range(0, loss.rank());
        String reduction = node.text("reduction", "mean");
        return switch (reduction) {
            case "none" -> loss;
            case "sum" -> mlx.squeeze(mlx.sum(loss, all), all);
            case "mean" -> mlx.divide(mlx.squeeze(mlx.sum(loss, all), all), mlx.squeeze(mlx.sum(weights, all), all));
            default -> throw Refusal.of("no reduction is called " + reduction);
        };
    }

    /** Nothing is dropped outside training, or where the ratio is known to be 0. */
    private static List<Operand> dropout(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        boolean training = node.has(2) && node.constant(2, "whether it trains").longAt(0) != 0;
        double ratio = node.has(1) && training ? node.constant(1, "the ratio").doubleAt(0) : node.real("ratio", 0.5f);
        if (training && ratio != 0) {
            throw Refusal.of("random numbers");
        }
        return List.of(x, mlx.broadcast(mlx.scalar(DType.BOOL, 1L), x.shape()));
    }
}
