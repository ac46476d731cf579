package dev.fairlead.parity.language;

import dev.fairlead.model.tensor.Tensor;

/** A next-token distribution in float64, from the logits of one position; used again for the next. */
final class Distribution {
    /** Below this the series of e^d - 1 - d is closer than its difference, and faster. */
    private static final double SMALL = 1e-3;

    private final double[] logProbabilities;
    private int top;
    private double margin;
    private boolean defined;

    Distribution(int vocabulary) {
        logProbabilities = new double[vocabulary];
    }

    /** Reads one row: the logarithm of the softmax, with the largest logit subtracted before it is exponentiated. */
    void read(Tensor logits, long row) {
        long from = row * logProbabilities.length;
        double first = Double.NEGATIVE_INFINITY;
        double second = Double.NEGATIVE_INFINITY;
        top = 0;
        boolean nan = false;
        for (int i = 0; i < logProbabilities.length; i++) {
            double logit = logits.doubleAt(from + i);
            logProbabilities[i] = logit;
            nan |= Double.isNaN(logit);
            if (logit > first) {
                second = first;
                first = logit;
                top = i;
            } else {
                second = Math.max(second, logit);
            }
        }
        margin = first - second;
        // -Inf is a token ruled out; without any other there is no distribution.
        defined = !nan && Double.isFinite(first);
        double sum = 0;
        for (double logit : logProbabilities) {
            sum += Math.exp(logit - first);
        }
        double normaliser = first + Math.log(sum);
        for (int i = 0; i < logProbabilities.length; i++) {
            logProbabilities[i] -= normaliser;
        }
    }

    boolean defined() {
        return defined;
    }

    /** The most probable token, the first of several. */
    int top() {
        return top;
    }

    /** How far the largest logit is above the second; infinite where all others are ruled out. */
    double margin() {
        return margin;
    }

    double logProbability(int token) {
        return logProbabilities[token];
    }

    /**
     * The Kullback-Leibler divergence of another distribution from this, in nats. With d = log q - log p it is Σ p (e^d - 1 - d), for
     * both distributions add up to 1: no term is negative, so that nothing cancels, and a divergence of 1e-15 has correct digits.
     */
    double divergenceOf(Distribution other) {
        double sum = 0;
        for (int i = 0; i < logProbabilities.length; i++) {
            double log = logProbabilities[i];
            double otherLog = other.logProbabilities[i];
            if (log == Double.NEGATIVE_INFINITY) {
                sum += Math.exp(otherLog);
            } else {
                sum += Math.exp(log) * excess(otherLog - log);
            }
        }
        return sum;
    }

    private static double excess(double d) {
        return Math.abs(d) < SMALL ? d * d * (1.0 / 2 + d * (1.0 / 6 + d * (1.0 / 24 + d / 120))) : Math.expm1(d) - d;
    }
}
