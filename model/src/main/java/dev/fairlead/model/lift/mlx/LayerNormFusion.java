package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Layer normalisation over the last axis. MLX multiplies sums by 1/n as a float32, so it is the same function as ONNX's only where that
 * is exact: n is a power of two. Both normalise halves in float32, round, and then scale and shift.
 */
final class LayerNormFusion implements Fusions.Fusion {
    private static final int SUM = 2;

    @Override
    public Rule rule() {
        return new Rule("fused LayerNormalization", 0, 1, (node, out) -> {});
    }

    /** What is normalised, in the type in which the result is. */
    private record Normal(MlxValue x, double epsilon) {}

    @Override
    public Optional<Fusions.Match> match(MlxNode node, Emitter out) {
        if (!node.op().equals("Add")
                && !node.op().equals("Multiply")
                && !node.op().equals("AsType")) {
            return Optional.empty();
        }
        Pattern pattern = new Pattern(out);
        Optional<MlxValue> bias = Optional.empty();
        MlxNode at = node;
        if (at.op().equals("Add")) {
            bias = Optional.of(pattern.before(at.input(1)));
            Optional<MlxNode> scaled = pattern.made(at.input(0), "Multiply");
            if (scaled.isEmpty() || !isVector(bias.get(), node)) {
                return Optional.empty();
            }
            at = scaled.get();
        }
        Optional<Normal> plain = bias.isEmpty() ? normal(at, pattern) : Optional.empty();
        if (plain.isPresent()) {
            return Optional.of(match(node, plain.get(), Optional.empty(), bias, pattern, out));
        }
        if (!at.op().equals("Multiply")) {
            return Optional.empty();
        }
        MlxValue weight = pattern.before(at.input(1));
        Optional<MlxNode> inner = pattern.made(at.input(0), "AsType");
        MlxValue normalised = at.input(0);
        Optional<Normal> found = inner.isPresent()
                ? normal(inner.get(), pattern)
                : pattern.made(normalised, "Multiply").flatMap(made -> normal(made, pattern));
        if (found.isEmpty() || !isVector(weight, node)) {
            return Optional.empty();
        }
        return Optional.of(match(node, found.get(), Optional.of(weight), bias, pattern, out));
    }

    private static boolean isVector(MlxValue value, MlxNode node) {
        return value.rank() == 1
                && value.dtype() == node.output().dtype()
                && value.shape().getFirst().equals(node.output().shape().getLast());
    }

    /** (x − mean) · rsqrt(variance + ε), then perhaps a cast back to what x was cast from. */
    private static Optional<Normal> normal(MlxNode node, Pattern pattern) {
        if (node.op().equals("AsType")) {
            return pattern.made(node.input(0), "Multiply")
                    .flatMap(made -> normal(made, pattern))
                    .flatMap(wide -> pattern.made(wide.x(), "AsType")
                            .filter(cast ->
                                    cast.input(0).dtype() == node.output().dtype())
                            .map(cast -> new Normal(cast.input(0), wide.epsilon())));
        }
        Optional<MlxNode> centred = pattern.made(node.input(0), "Subtract");
        Optional<MlxNode> root = pattern.made(node.input(1), "Sqrt").filter(found -> found.flag(0));
        Optional<MlxNode> sum = root.flatMap(found -> pattern.made(found.input(0), "Add"));
        if (node.output().dtype() != DType.FLOAT32 || centred.isEmpty() || sum.isEmpty()) {
            return Optional.empty();
        }
        MlxValue x = centred.get().input(0);
        OptionalDouble epsilon = pattern.number(sum.get().input(1));
        Optional<MlxValue> squares =
                pattern.made(sum.get().input(0), "Multiply").flatMap(found -> averaged(found, pattern));
        boolean ofSquares = squares.flatMap(value -> pattern.made(value, "Square"))
                .filter(square -> square.input(0).equals(centred.get().output()))
                .isPresent();
        boolean ofMean = pattern.made(centred.get().input(1), "Multiply")
                .flatMap(found -> averaged(found, pattern))
                .filter(x::equals)
                .isPresent();
        return epsilon.isPresent()
                        && ofSquares
                        && ofMean
                        && x.shape().equals(node.output().shape())
                ? Optional.of(new Normal(x, epsilon.getAsDouble()))
                : Optional.empty();
    }

    /** What is averaged over its last axis by an exact 1/n. */
    private static Optional<MlxValue> averaged(MlxNode product, Pattern pattern) {
        OptionalDouble factor = pattern.number(product.input(1));
        return pattern.made(product.input(0), "Reduce")
                .filter(sum -> sum.integer(0) == SUM
                        && sum.integers(1).equals(List.of(sum.input(0).rank() - 1L))
                        && factor.isPresent())
                .map(sum -> sum.input(0))
                .filter(x -> x.shape().getLast().constant().isPresent()
                        && x.shape().getLast().constant().getAsLong() * factor.getAsDouble() == 1);
    }

    private static Fusions.Match match(
            MlxNode node,
            Normal normal,
            Optional<MlxValue> weight,
            Optional<MlxValue> bias,
            Pattern pattern,
            Emitter out) {
        return new Fusions.Match(pattern.inside(), () -> {
            Map<String, Attribute> attributes =
                    Map.of("axis", new Attribute.Int(-1), "epsilon", new Attribute.Real((float) normal.epsilon()));
            String scale = weight.map(out::of).orElseGet(() -> out.constant(ones(node.output())));
            String[] inputs = bias.map(shift -> new String[] {out.of(normal.x()), scale, out.of(shift)})
                    .orElseGet(() -> new String[] {out.of(normal.x()), scale});
            out.result(node.output(), "LayerNormalization", attributes, inputs);
        });
    }

    private static Tensor ones(MlxValue value) {
        Tensor ones = Tensor.allocate(
                value.dtype(), List.of(value.shape().getLast().constant().orElseThrow()));
        for (long i = 0; i < ones.elements(); i++) {
            ones.set(i, 1.0);
        }
        return ones;
    }
}
