package dev.fairlead.model.interpret;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/** NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss. */
final class LossKernels {
    private LossKernels() {}

    static void register(Kernels kernels) {
        kernels.add(
                "NegativeLogLikelihoodLoss",
                call -> List.of(loss(call, call.reals(0).values(), call.reals(0))));
        kernels.add("SoftmaxCrossEntropyLoss", LossKernels::crossEntropy);
    }

    private static List<Datum> crossEntropy(Call call) {
        Array.Reals scores = call.reals(0);
        int classes = scores.shape()[1];
        int stride = Array.size(Position.behind(scores.shape(), 2));
        double[] logs = new double[scores.size()];
        for (int lane = 0; lane < scores.shape()[0] * stride; lane++) {
            int from = lane / stride * classes * stride + lane % stride;
            double highest = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < classes; c++) {
                highest = Math.max(highest, scores.values()[from + c * stride]);
            }
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                sum += StrictMath.exp(scores.values()[from + c * stride] - highest);
            }
            for (int c = 0; c < classes; c++) {
                logs[from + c * stride] = scores.values()[from + c * stride] - highest - StrictMath.log(sum);
            }
        }
        return List.of(loss(call, logs, scores), Doubles.datum(scores.dtype(), scores.shape(), logs));
    }

    /**
     * The weighted and negated log probabilities of the labels.
     *
     * @param logs of shape {@code [batch, classes, places...]}, that of {@code scores}
     */
    private static Datum loss(Call call, double[] logs, Array.Reals scores) {
        Array.Integers labels = call.integers(1);
        int classes = scores.shape()[1];
        int stride = Array.size(Position.behind(scores.shape(), 2));
        double[] weights = call.has(2) ? call.reals(2).values() : null;
        OptionalLong ignored = call.attribute("ignore_index") == null
                ? OptionalLong.empty()
                : OptionalLong.of(call.integer("ignore_index"));
        double[] losses = new double[labels.size()];
        double total = 0;
        for (int lane = 0; lane < losses.length; lane++) {
            long label = labels.values()[lane];
            if (ignored.isPresent() && ignored.getAsLong() == label) {
                continue;
            }
            if (label < 0 || label >= classes) {
                throw call.malformed("label " + label + " of " + classes + " classes");
            }
            double weight = weights == null ? 1 : weights[(int) label];
            losses[lane] = -weight * logs[(lane / stride * classes + (int) label) * stride + lane % stride];
            total += weight;
        }
        double sum = Arrays.stream(losses).sum();
        return switch (call.text("reduction", "mean")) {
            case "none" -> Doubles.datum(scores.dtype(), labels.shape(), losses);
            case "sum" -> Datum.of(Array.scalar(scores.dtype(), sum));
            case "mean" -> Datum.of(Array.scalar(scores.dtype(), sum / total));
            default -> throw call.malformed("reduction " + call.text("reduction", ""));
        };
    }
}
