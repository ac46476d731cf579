package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Steps of optimisers. Inputs are rate, step, then all parameters, all gradients and all of each state. */
final class TrainingRules {
    private static final String DOMAIN = "ai.onnx.preview.training.";

    private TrainingRules() {}

    /** One parameter's new value, then its new states. */
    private interface Step {
        List<Operand> apply(List<Operand> own);
    }

    static void register(Rules rules) {
        rules.addAll(DOMAIN + "Momentum", (node, mlx) -> each(node, 3, own -> momentum(node, own, mlx)));
        rules.addAll(DOMAIN + "Adagrad", (node, mlx) -> each(node, 3, own -> adagrad(node, own, mlx)));
        rules.addAll(DOMAIN + "Adam", (node, mlx) -> each(node, 4, own -> adam(node, own, mlx)));
    }

    private static List<Operand> each(Operation node, int kinds, Step step) {
        int count = (node.inputs() - 2) / kinds;
        List<List<Operand>> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Operand> own = new ArrayList<>();
            for (int kind = 0; kind < kinds; kind++) {
                own.add(node.input(2 + kind * count + i));
            }
            made.add(step.apply(own));
        }
        List<Operand> outputs = new ArrayList<>();
        for (int kind = 0; kind < kinds - 1; kind++) {
            for (List<Operand> own : made) {
                outputs.add(own.get(kind));
            }
        }
        return outputs;
    }

    private static Operand regularized(Operation node, Operand x, Operand gradient, Primitives mlx) {
        return mlx.add(mlx.multiply(x, node.real("norm_coefficient", 0)), gradient);
    }

    private static Operand stepped(Operation node, Operand yes, double no, Primitives mlx) {
        Operand started = mlx.greater(mlx.cast(node.input(1), DType.INT64), 0);
        return mlx.select(started, yes, mlx.like(yes, no));
    }

    private static List<Operand> momentum(Operation node, List<Operand> own, Primitives mlx) {
        Operand x = own.get(0);
        Operand g = regularized(node, x, own.get(1), mlx);
        double alpha = node.real("alpha", 0);
        Operand beta = stepped(node, mlx.like(x, node.real("beta", 0)), 1, mlx);
        Operand v = mlx.add(mlx.multiply(own.get(2), alpha), mlx.multiply(g, beta));
        boolean standard = node.text("mode", "standard").equals("standard");
        Operand direction = standard ? v : mlx.add(g, mlx.multiply(v, alpha));
        return List.of(mlx.subtract(x, mlx.multiply(direction, node.input(0))), v);
    }

    private static List<Operand> adagrad(Operation node, List<Operand> own, Primitives mlx) {
        Operand x = own.get(0);
        Operand steps = mlx.cast(node.input(1), x.dtype());
        Operand decay = mlx.add(mlx.multiply(steps, node.real("decay_factor", 0)), 1);
        Operand rate = mlx.divide(node.input(0), decay);
        Operand g = regularized(node, x, own.get(1), mlx);
        Operand h = mlx.add(own.get(2), mlx.square(g));
        Operand root = mlx.add(mlx.sqrt(h), node.real("epsilon", 1e-6f));
        return List.of(mlx.subtract(x, mlx.divide(mlx.multiply(g, rate), root)), h);
    }

    private static List<Operand> adam(Operation node, List<Operand> own, Primitives mlx) {
        Operand x = own.get(0);
        double alpha = node.real("alpha", 0.9f);
        double beta = node.real("beta", 0.999f);
        Operand g = regularized(node, x, own.get(1), mlx);
        Operand v = mlx.add(mlx.multiply(own.get(2), alpha), mlx.multiply(g, 1 - alpha));
        Operand h = mlx.add(mlx.multiply(own.get(3), beta), mlx.multiply(mlx.square(g), 1 - beta));
        Operand root = mlx.add(mlx.sqrt(h), node.real("epsilon", 1e-6f));
        Operand steps = mlx.cast(node.input(1), x.dtype());
        Operand second = mlx.sqrt(mlx.subtract(1, mlx.power(mlx.like(x, beta), steps)));
        Operand correction = mlx.divide(second, mlx.subtract(1, mlx.power(mlx.like(x, alpha), steps)));
        Operand rate = mlx.multiply(node.input(0), stepped(node, correction, 1, mlx));
        Operand moved = mlx.subtract(x, mlx.multiply(mlx.divide(v, root), rate));
        return List.of(mlx.multiply(moved, 1 - node.real("norm_coefficient_post", 0)), v, h);
    }
}
