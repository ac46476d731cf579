package dev.fairlead.model.lower.coreml;

import java.util.Optional;

/** Losses over classes, which lie along axis 1. */
final class LossRules {
    private LossRules() {}

    static void register(Rules rules) {
        rules.add(
                "NegativeLogLikelihoodLoss",
                (call, mil) ->
                        call.result(loss(call, call.in(0), call.in(1), call.optional(2), mil), call.declared(0)));
        rules.add("SoftmaxCrossEntropyLoss", LossRules::crossEntropy);
    }

    private static void crossEntropy(Call call, Mil mil) {
        Var logs = ActivationRules.logSoftmax(call.in(0), 1, mil);
        call.result(0, loss(call, logs, call.in(1), call.optional(2), mil), call.declared(0));
        call.result(1, logs, call.declared(0));
    }

    /** −w[t]·x[t], where ignored targets weigh nothing; the mean is over the weights. */
    private static Var loss(Call call, Var x, Var target, Optional<Var> weights, Mil mil) {
        boolean ignores = call.attribute("ignore_index") != null;
        Var kept = null;
        Var index = target;
        if (ignores) {
            Var ignored = mil.equal(target, mil.integer(call.integer("ignore_index")));
            kept = mil.cast(mil.not(ignored), x.element());
            index = mil.select(ignored, mil.integer(0), target);
        }
        Var picked = mil.squeeze(mil.gatherAlongAxis(x, mil.expandDims(index, 1), 1), 1);
        Var weight = weights.isPresent() ? mil.gather(weights.get(), index, 0) : null;
        if (kept != null) {
            weight = weight == null ? kept : mil.mul(weight, kept);
        }
        Var losses = mil.negative(weight == null ? picked : mil.mul(picked, weight));
        int[] all = Arithmetic.axes(0, losses.rank());
        return switch (call.text("reduction", "mean")) {
            case "none" -> losses;
            case "sum" -> mil.reduce("reduce_sum", losses, all, false);
            case "mean" ->
                weight == null
                        ? mil.reduce("reduce_mean", losses, all, false)
                        : mil.div(
                                mil.reduce("reduce_sum", losses, all, false),
                                mil.reduce("reduce_sum", mil.expand(weight, losses.shape()), all, false));
            default -> throw Refusals.malformed("an unknown reduction");
        };
    }
}
