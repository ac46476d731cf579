package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import java.util.ArrayList;
import java.util.List;

/** One step of a training optimiser: a rate, the number of the step, then tensors, their gradients and states. */
final class OptimizerRules {
    private static final String DOMAIN = "ai.onnx.preview.training.";

    private OptimizerRules() {}

    /** The new tensor and its new states. */
    private interface Step {
        List<Var> apply(Call call, Var rate, Var round, List<Var> operands, Mil mil);
    }

    static void register(Rules rules) {
        rules.add(DOMAIN + "Momentum", (call, mil) -> each(call, 3, OptimizerRules::momentum, mil));
        rules.add(DOMAIN + "Adagrad", (call, mil) -> each(call, 3, OptimizerRules::adagrad, mil));
        rules.add(DOMAIN + "Adam", (call, mil) -> each(call, 4, OptimizerRules::adam, mil));
    }

    private static void each(Call call, int operands, Step step, Mil mil) {
        Var rate = call.in(0);
        int tensors = (call.inputs() - 2) / operands;
        for (int i = 0; i < tensors; i++) {
            List<Var> values = new ArrayList<>();
            for (int k = 0; k < operands; k++) {
                values.add(call.in(2 + k * tensors + i));
            }
            List<Var> made = step.apply(call, rate, call.in(1), values, mil);
            for (int k = 0; k < made.size(); k++) {
                call.result(k * tensors + i, made.get(k), call.declared(2 + i));
            }
        }
    }

    private static Var times(Var x, double factor, Mil mil) {
        return mil.mul(x, mil.like(x, factor));
    }

    private static Var regularized(Call call, List<Var> operands, Mil mil) {
        return mil.add(times(operands.get(0), call.real("norm_coefficient", 0), mil), operands.get(1));
    }

    private static List<Var> momentum(Call call, Var rate, Var round, List<Var> operands, Mil mil) {
        Var gradient = regularized(call, operands, mil);
        double alpha = call.real("alpha", 0);
        Var first = mil.equal(round, mil.integer(0));
        Var weight = mil.select(first, mil.like(gradient, 1), mil.like(gradient, call.real("beta", 0)));
        Var velocity = mil.add(times(operands.get(2), alpha, mil), mil.mul(weight, gradient));
        Var direction = call.text("mode", "standard").equals("standard")
                ? velocity
                : mil.add(gradient, times(velocity, alpha, mil));
        return List.of(mil.sub(operands.get(0), mil.mul(rate, direction)), velocity);
    }

    private static List<Var> adagrad(Call call, Var rate, Var round, List<Var> operands, Mil mil) {
        Var gradient = regularized(call, operands, mil);
        Var step = mil.cast(round, rate.element());
        Var slowed = mil.div(rate, mil.add(mil.like(rate, 1), times(step, call.real("decay_factor", 0), mil)));
        Var squares = mil.add(operands.get(2), mil.square(gradient));
        Var root = mil.add(mil.sqrt(squares), mil.like(squares, call.real("epsilon", 0)));
        return List.of(mil.sub(operands.get(0), mil.div(mil.mul(slowed, gradient), root)), squares);
    }

    private static List<Var> adam(Call call, Var rate, Var round, List<Var> operands, Mil mil) {
        double alpha = call.real("alpha", 0.9f);
        double beta = call.real("beta", 0.999f);
        Var gradient = regularized(call, operands, mil);
        Var first = mil.add(times(operands.get(2), alpha, mil), times(gradient, 1 - alpha, mil));
        Var second = mil.add(times(operands.get(3), beta, mil), times(mil.square(gradient), 1 - beta, mil));
        Var root = mil.add(mil.sqrt(second), mil.like(second, call.real("epsilon", 0)));
        Var step = mil.cast(round, MilDataType.FLOAT32);
        Var one = mil.like(step, 1);
        Var up = mil.sqrt(mil.sub(one, mil.pow(mil.like(step, beta), step)));
        Var down = mil.sub(one, mil.pow(mil.like(step, alpha), step));
        Var corrected = mil.mul(rate, mil.cast(mil.div(up, down), rate.element()));
        Var adjusted = mil.select(mil.greater(round, mil.integer(0)), corrected, rate);
        Var moved = mil.sub(operands.get(0), mil.mul(adjusted, mil.div(first, root)));
        return List.of(times(moved, 1 - call.real("norm_coefficient_post", 0), mil), first, second);
    }
}
