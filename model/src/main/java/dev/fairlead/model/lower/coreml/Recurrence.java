package dev.fairlead.model.lower.coreml;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One direction of a recurrent layer, written out step by step: it says every activation, clip, peephole and length that ONNX has.
 *
 * @param steps number of steps
 * @param lengths how many steps each batch element has, where they differ
 */
record Recurrence(Mil mil, long steps, Optional<Var> lengths) {
    /** Steps up to which a layer is written out. */
    private static final long MOST_STEPS = 512;

    Recurrence {
        if (steps > MOST_STEPS) {
            throw Refusals.unsupported("a recurrence of " + steps + " steps that MIL's own operation cannot say");
        }
    }

    /** A state as tensors, of which the first is the one that is put out. */
    interface Cell {
        /** The states after a step. */
        List<Var> step(Var projected, List<Var> states);
    }

    /**
     * The outputs of all steps, stacked, and the states at the end.
     *
     * @param all what the step's input adds to the gates: (steps, batch, gates)
     */
    Result run(Var all, List<Var> initial, Cell cell) {
        List<Var> states = initial;
        List<Var> outputs = new ArrayList<>();
        for (long step = 0; step < steps; step++) {
            List<Var> next = cell.step(mil.at(all, 0, step), states);
            if (lengths.isPresent()) {
                Var running = mil.greater(mil.expandDims(lengths.get(), 1), mil.integer(step));
                List<Var> kept = new ArrayList<>();
                for (int i = 0; i < next.size(); i++) {
                    kept.add(mil.select(running, next.get(i), states.get(i)));
                }
                outputs.add(mil.select(running, next.getFirst(), mil.like(next.getFirst(), 0)));
                states = kept;
            } else {
                outputs.add(next.getFirst());
                states = next;
            }
        }
        return new Result(mil.stack(outputs, 0), states);
    }

    /** @param outputs (steps, batch, hidden) */
    record Result(Var outputs, List<Var> states) {}

    /** An activation by ONNX' name. */
    static UnaryOperator<Var> activation(String name, double alpha, double beta, Mil mil) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "sigmoid" -> x -> mil.unary("sigmoid", x);
            case "tanh" -> x -> mil.unary("tanh", x);
            case "relu" -> x -> mil.unary("relu", x);
            case "affine" -> x -> mil.add(mil.mul(x, mil.like(x, alpha)), mil.like(x, beta));
            case "leakyrelu" -> x -> ActivationRules.leaky(x, alpha, mil);
            case "elu" -> x -> ActivationRules.elu(x, alpha, mil);
            case "hardsigmoid" -> x -> ActivationRules.hardSigmoid(x, alpha, beta, mil);
            case "scaledtanh" -> x -> mil.mul(mil.unary("tanh", mil.mul(x, mil.like(x, beta))), mil.like(x, alpha));
            case "softsign" -> x -> mil.unary("softsign", x);
            case "softplus" -> x -> mil.unary("softplus", x);
            case "thresholdedrelu" -> x -> mil.select(mil.greater(x, mil.like(x, alpha)), x, mil.like(x, 0));
            default -> throw Refusals.malformed("an unknown activation " + name);
        };
    }
}
