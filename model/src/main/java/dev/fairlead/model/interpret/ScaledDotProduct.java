package dev.fairlead.model.interpret;

import java.util.Arrays;

/** The steps of scaled dot-product attention; scores are {@code [batch][query head][query][key]}. */
final class ScaledDotProduct {
    private ScaledDotProduct() {}

    /** What is added to a score before the softmax; minus infinity masks it. */
    interface Bias {
        double of(int batch, int head, int query, int key);
    }

    /** Query heads in a row share a key head, where there are fewer of these. */
    static double[] scores(Call call, Heads q, Heads k, double scale) {
        if (q.heads() % k.heads() != 0 || q.size() != k.size() || q.batch() != k.batch()) {
            throw call.malformed(q.heads() + " query heads of " + q.size() + ", " + k.heads() + " of " + k.size());
        }
        int shared = q.heads() / k.heads();
        double[] queries = call.sums().factors(q.values());
        double[] keys = call.sums().factors(k.values());
        double[] scores = new double[q.batch() * q.heads() * q.length() * k.length()];
        int at = 0;
        for (int n = 0; n < q.batch(); n++) {
            for (int head = 0; head < q.heads(); head++) {
                for (int i = 0; i < q.length(); i++) {
                    int left = q.at(n, head, i);
                    for (int j = 0; j < k.length(); j++) {
                        int right = k.at(n, head / shared, j);
                        scores[at++] = call.sums().dot(queries, left, keys, right, q.size()) * scale;
                    }
                }
            }
        }
        return scores;
    }

    /** {@code cap * tanh(score / cap)}; no cap is 0. */
    static double[] capped(double[] scores, double cap) {
        double[] capped = scores.clone();
        for (int i = 0; cap > 0 && i < scores.length; i++) {
            capped[i] = cap * StrictMath.tanh(scores[i] / cap);
        }
        return capped;
    }

    static double[] biased(double[] scores, Heads q, int keys, Bias bias) {
        double[] biased = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            int row = i / keys;
            int plane = row / q.length();
            biased[i] = scores[i] + bias.of(plane / q.heads(), plane % q.heads(), row % q.length(), i % keys);
        }
        return biased;
    }

    /** Softmax of each row; a row without any finite score is NaN, as the formula has it. */
    static double[] softmax(Call call, double[] scores, int keys) {
        double[] weights = new double[scores.length];
        for (int from = 0; from < scores.length; from += keys) {
            double highest = Double.NEGATIVE_INFINITY;
            for (int j = from; j < from + keys; j++) {
                highest = Math.max(highest, scores[j]);
            }
            for (int j = from; j < from + keys; j++) {
                weights[j] = StrictMath.exp(scores[j] - highest);
            }
            double sum = call.sums().of(Arrays.copyOfRange(weights, from, from + keys));
            for (int j = from; j < from + keys; j++) {
                weights[j] /= sum;
            }
        }
        return weights;
    }

    /** Sums of the values by their weights; a value of no weight has no part, even if it is not finite. */
    static Heads output(Call call, double[] weights, Heads q, Heads v) {
        int shared = q.heads() / v.heads();
        double[] shares = call.sums().factors(weights);
        double[] values = call.sums().factors(v.values());
        int[] order = call.sums().order(v.length());
        double[] y = new double[q.batch() * q.heads() * q.length() * v.size()];
        for (int row = 0; row < q.batch() * q.heads() * q.length(); row++) {
            int plane = row / q.length();
            for (int j : order) {
                double weight = shares[row * v.length() + j];
                int from = v.at(plane / q.heads(), plane % q.heads() / shared, j);
                for (int c = 0; weight != 0 && c < v.size(); c++) {
                    int to = row * v.size() + c;
                    y[to] = call.sums().add(y[to], weight * values[from + c]);
                }
            }
        }
        return new Heads(y, q.batch(), q.heads(), q.length(), v.size());
    }
}
