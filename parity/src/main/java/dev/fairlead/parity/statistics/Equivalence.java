package dev.fairlead.parity.statistics;

import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Two one-sided t tests that a mean lies within a margin around zero (D. J. Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics
 * 15, 1987).
 */
public final class Equivalence {
    private Equivalence() {}

    /**
     * The larger p-value of both tests: at this level the mean is shown to lie strictly between {@code -margin} and {@code margin}. With
     * G clusters t has G - 1 degrees of freedom.
     *
     * @return NaN for fewer than two clusters, for which there is no error to test with
     */
    public static double pValue(ClusteredMean mean, double margin) {
        if (!(margin > 0)) {
            throw new IllegalArgumentException("margin: " + margin + " is not positive");
        }
        if (Double.isNaN(mean.standardError())) {
            return Double.NaN;
        }
        double room = margin - Math.abs(mean.mean());
        if (mean.standardError() == 0) {
            return room > 0 ? 0 : 1;
        }
        // The side that the mean is nearer to has the larger p-value.
        return TDistribution.of(mean.clusters() - 1.0).survivalProbability(room / mean.standardError());
    }
}
