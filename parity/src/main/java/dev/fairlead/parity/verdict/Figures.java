package dev.fairlead.parity.verdict;

import java.util.List;
import java.util.Map;

/**
 * The metrics of one output over all its cases. Positions that are not finite on either side are counted and left out
 * of the rest. Where there is no error at all, the decibels are infinite. Sampled figures are of every element of tensors of up to
 * 131,072 and of evenly spaced blocks of larger ones; extrema, root mean squares, cosine and decibels are of all elements.
 *
 * @param elements of all cases
 * @param differing sampled elements whose two values differ
 * @param meanRelative sampled
 * @param absoluteQuantiles sampled, by share ({@code "0.99"}), never too low and at most twice too high
 * @param relativeQuantiles likewise, against max(|reference|, {@code relativeFloor})
 * @param maxUlp in units of the least precision of the two types
 * @param ulpHistogram sampled elements at distance 0, 1, 2 to 3, 4 to 7, …
 * @param topK share of rows whose top k indices agree, by k; empty where an output is no matrix of floats
 */
public record Figures(
        long elements,
        long differing,
        double normalisedRmse,
        double rmse,
        double maxAbsolute,
        double meanAbsolute,
        Map<String, Double> absoluteQuantiles,
        double maxRelative,
        double meanRelative,
        Map<String, Double> relativeQuantiles,
        double relativeFloor,
        double cosine,
        double snrDb,
        double psnrDb,
        long maxUlp,
        List<Long> ulpHistogram,
        NonFinite nonFinite,
        List<Magnitude> byMagnitude,
        Map<String, Double> topK) {
    public Figures {
        Checks.notNegative("elements", elements);
        Checks.notNegative("normalised_rmse", normalisedRmse);
        absoluteQuantiles = Map.copyOf(absoluteQuantiles);
        relativeQuantiles = Map.copyOf(relativeQuantiles);
        ulpHistogram = List.copyOf(ulpHistogram);
        byMagnitude = List.copyOf(byMagnitude);
        topK = Map.copyOf(topK);
    }

    /** Counts of what is no number; {@code mismatches} are positions where the two sides differ in that. */
    public record NonFinite(
            long referenceNan, long candidateNan, long referenceInfinite, long candidateInfinite, long mismatches) {}

    /** Errors where |reference| is in [from, to), of a sample of the elements. */
    public record Magnitude(double from, double to, long count, double rmse, double max) {}
}
