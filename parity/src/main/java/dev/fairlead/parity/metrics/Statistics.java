package dev.fairlead.parity.metrics;

import java.util.List;

/**
 * What one pass over a pair leaves, of a fixed size whatever the pair's. Merging is associative: exactly for counts,
 * buckets and extrema, up to float64 rounding for sums. Not safe for use by several threads.
 *
 * <p>Histograms, quantiles, the mean relative error and the table by magnitude are of the elements that {@link Measurement} samples, all
 * else of all elements. Positions where either side is not finite are counted and left out of everything else.
 */
public final class Statistics {
    /** Relative errors are taken against max(|reference|, this), 2^-20. */
    public static final double RELATIVE_FLOOR = 0x1p-20;

    static final int ULP_BUCKETS = 65;

    long elements;
    long leftOut;
    long referenceNans;
    long candidateNans;
    long referenceInfinities;
    long candidateInfinities;
    long masked;
    long maskMismatches;
    double squaredError;
    double absoluteError;
    double relativeError;
    double squaredReference;
    double squaredCandidate;
    double product;
    double maxAbsolute;
    double maxRelative;
    long maxAbsoluteIndex = -1;
    double minReference = Double.POSITIVE_INFINITY;
    double maxReference = Double.NEGATIVE_INFINITY;
    long maxUlp;
    final Octaves absolute = new Octaves();
    final Octaves relative = new Octaves();
    final long[] ulp = new long[ULP_BUCKETS];
    final MagnitudeTable table = new MagnitudeTable();

    Statistics() {}

    /** Adds what a later stretch of the same pair, or another pair, left; an index keeps its meaning in its own pair. */
    void add(Statistics later) {
        elements += later.elements;
        leftOut += later.leftOut;
        referenceNans += later.referenceNans;
        candidateNans += later.candidateNans;
        referenceInfinities += later.referenceInfinities;
        candidateInfinities += later.candidateInfinities;
        masked += later.masked;
        maskMismatches += later.maskMismatches;
        squaredError += later.squaredError;
        absoluteError += later.absoluteError;
        relativeError += later.relativeError;
        squaredReference += later.squaredReference;
        squaredCandidate += later.squaredCandidate;
        product += later.product;
        raiseMaxAbsolute(later.maxAbsolute, later.maxAbsoluteIndex);
        maxRelative = Math.max(maxRelative, later.maxRelative);
        minReference = Math.min(minReference, later.minReference);
        maxReference = Math.max(maxReference, later.maxReference);
        maxUlp = Math.max(maxUlp, later.maxUlp);
        absolute.add(later.absolute);
        relative.add(later.relative);
        for (int i = 0; i < ULP_BUCKETS; i++) {
            ulp[i] += later.ulp[i];
        }
        table.add(later.table);
    }

    /** The statistics of both together. */
    public static Statistics merge(List<Statistics> parts) {
        Statistics all = new Statistics();
        parts.forEach(all::add);
        return all;
    }

    void raiseMaxAbsolute(double value, long index) {
        if (index >= 0 && (maxAbsoluteIndex < 0 || value > maxAbsolute)) {
            maxAbsolute = value;
            maxAbsoluteIndex = index;
        }
    }

    /** Bucket of a distance: 0 for 0, k for [2^(k-1), 2^k). */
    static int ulpBucket(long distance) {
        return Long.SIZE - Long.numberOfLeadingZeros(distance);
    }

    /** Those that a mask leaves out are not among them. */
    public long elements() {
        return elements;
    }

    /** Positions that a {@link Mask} leaves out, of which nothing else is said. */
    public long leftOut() {
        return leftOut;
    }

    /** Elements where both sides are finite. */
    public long compared() {
        return elements - masked;
    }

    public long referenceNans() {
        return referenceNans;
    }

    public long candidateNans() {
        return candidateNans;
    }

    public long referenceInfinities() {
        return referenceInfinities;
    }

    public long candidateInfinities() {
        return candidateInfinities;
    }

    /** Positions where one side is NaN, +Inf or -Inf and the other is not the same. */
    public long maskMismatches() {
        return maskMismatches;
    }

    /** Elements that the histograms hold: all compared ones of small tensors. */
    public long sampled() {
        return absolute.total();
    }

    /** Sampled elements whose two values differ; -0 and +0 do not. */
    public long differing() {
        return sampled() - ulp[0];
    }

    public double maxAbsolute() {
        return maxAbsolute;
    }

    /** Row-major index of the first largest absolute error; -1 where nothing was compared. */
    public long maxAbsoluteIndex() {
        return maxAbsoluteIndex;
    }

    public double maxRelative() {
        return maxRelative;
    }

    public double meanAbsolute() {
        return compared() == 0 ? 0 : absoluteError / compared();
    }

    /** Of the sampled elements. */
    public double meanRelative() {
        return sampled() == 0 ? 0 : relativeError / sampled();
    }

    /** Never too low and at most twice too high for the sampled elements. */
    public double absoluteQuantile(double share) {
        return absolute.quantile(share, maxAbsolute);
    }

    /** As {@link #absoluteQuantile}. */
    public double relativeQuantile(double share) {
        return relative.quantile(share, maxRelative);
    }

    public double rmse() {
        return compared() == 0 ? 0 : Math.sqrt(squaredError / compared());
    }

    /** RMSE over the reference's root mean square; 0 without any error, infinite for an error on an all-zero reference. */
    public double normalisedRmse() {
        return squaredError == 0 ? 0 : Math.sqrt(squaredError / squaredReference);
    }

    /** 1 where both sides are all zero, 0 where one is. */
    public double cosine() {
        if (squaredReference == 0 && squaredCandidate == 0) {
            return 1;
        }
        if (squaredReference == 0 || squaredCandidate == 0) {
            return 0;
        }
        return Math.clamp(product / (Math.sqrt(squaredReference) * Math.sqrt(squaredCandidate)), -1.0, 1.0);
    }

    /** Signal to noise, dB; infinite without any error. */
    public double snrDb() {
        return squaredError == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(squaredReference / squaredError);
    }

    /** Peak signal to noise, dB, the peak being the reference's range; infinite without any error. */
    public double psnrDb() {
        return squaredError == 0 ? Double.POSITIVE_INFINITY : 20 * Math.log10((maxReference - minReference) / rmse());
    }

    /** In units of the least precision of the two types. */
    public long maxUlp() {
        return maxUlp;
    }

    /** Elements in the histogram at distance 0, 1, 2 to 3, 4 to 7, …, up to the bucket of the largest distance of all. */
    public List<Long> ulpHistogram() {
        int last = ulpBucket(maxUlp);
        return java.util.Arrays.stream(ulp, 0, last + 1).boxed().toList();
    }

    public List<MagnitudeTable.Row> byMagnitude() {
        return table.rows();
    }
}
