package dev.fairlead.parity.statistics;

import java.util.List;

/**
 * The mean of values that belong together in clusters, such as the tokens of a prompt, and its standard error with any dependence within
 * a cluster: the square root of G / (G - 1) · Σ (sum of a cluster's residuals)² / N², which is the cluster-robust variance of a
 * regression on a constant (Liang and Zeger, Biometrika 73, 1986; with the correction for few clusters of Cameron and Miller, Journal of
 * Human Resources 50, 2015, equation 12).
 *
 * @param values N
 * @param clusters G
 * @param standardError NaN for fewer than two clusters
 */
public record ClusteredMean(long values, long clusters, double mean, double standardError) {
    /**
     * What a cluster adds.
     *
     * @param values how many, at least one
     */
    public record Cluster(long values, double sum) {
        public Cluster {
            if (values < 1) {
                throw new IllegalArgumentException("values: " + values + " is less than 1");
            }
        }
    }

    /** Of clusters that are independent of each other; the mean of none is NaN. */
    public static ClusteredMean of(List<Cluster> clusters) {
        long values = clusters.stream().mapToLong(Cluster::values).sum();
        double mean = clusters.stream().mapToDouble(Cluster::sum).sum() / values;
        int count = clusters.size();
        if (count < 2) {
            return new ClusteredMean(values, count, mean, Double.NaN);
        }
        double squares = 0;
        for (Cluster cluster : clusters) {
            double residual = cluster.sum() - cluster.values() * mean;
            squares += residual * residual;
        }
        double error = Math.sqrt(squares * count / (count - 1)) / values;
        return new ClusteredMean(values, count, mean, error);
    }
}
