package dev.fairlead.agent.worker;

import dev.fairlead.model.tensor.Tensor;

/** How often the largest element of an output's last axis is at the label's place. */
final class Accuracy {
    private long right;
    private long rows;

    /**
     * Counts one case.
     *
     * @param scores {@code [..., classes]}
     * @param label one integer for each row of scores
     */
    void add(Tensor scores, Tensor label) {
        if (scores.shape().isEmpty() || scores.elements() == 0) {
            return;
        }
        long classes = scores.shape().getLast();
        long count = Math.min(scores.elements() / classes, label.elements());
        for (long row = 0; row < count; row++) {
            long best = 0;
            for (long i = 1; i < classes; i++) {
                if (scores.doubleAt(row * classes + i) > scores.doubleAt(row * classes + best)) {
                    best = i;
                }
            }
            rows++;
            right += best == label.longAt(row) ? 1 : 0;
        }
    }

    boolean counted() {
        return rows > 0;
    }

    double value() {
        return (double) right / rows;
    }
}
