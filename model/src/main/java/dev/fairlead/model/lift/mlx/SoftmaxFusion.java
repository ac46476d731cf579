package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import java.util.List;
import java.util.Optional;

/** exp(x − max x) / Σ exp(x − max x) over one axis; MLX has a primitive for the last axis only. */
final class SoftmaxFusion implements Fusions.Fusion {
    private static final int SUM = 2;
    private static final int MAX = 5;

    @Override
    public Rule rule() {
        return new Rule("fused Softmax", 0, 1, (node, out) -> {});
    }

    @Override
    public Optional<Fusions.Match> match(MlxNode node, Emitter out) {
        if (!node.op().equals("Divide")) {
            return Optional.empty();
        }
        Pattern pattern = new Pattern(out);
        Optional<MlxNode> exp = pattern.made(node.input(0), "Exp");
        Optional<MlxNode> sum = pattern.made(node.input(1), "Reduce");
        Optional<MlxNode> difference = exp.flatMap(found -> pattern.made(found.input(0), "Subtract"));
        Optional<MlxNode> max = difference.flatMap(found -> pattern.made(found.input(1), "Reduce"));
        if (exp.isEmpty() || sum.isEmpty() || difference.isEmpty() || max.isEmpty()) {
            return Optional.empty();
        }
        MlxValue x = difference.get().input(0);
        List<Long> axes = sum.get().integers(1);
        boolean fits = sum.get().integer(0) == SUM
                && max.get().integer(0) == MAX
                && axes.size() == 1
                && max.get().integers(1).equals(axes)
                && sum.get().input(0).equals(exp.get().output())
                && max.get().input(0).equals(x)
                && x.dtype() == node.output().dtype()
                && x.shape().equals(node.output().shape());
        return fits
                ? Optional.of(new Fusions.Match(
                        pattern.inside(),
                        () -> out.result(node.output(), "Softmax", Attributes.of("axis", axes.getFirst()), out.of(x))))
                : Optional.empty();
    }
}
