package dev.fairlead.parity.compare;

import dev.fairlead.parity.metrics.Statistics;
import dev.fairlead.parity.metrics.TopK;
import dev.fairlead.parity.verdict.Figures;
import dev.fairlead.parity.verdict.OutputVerdict.CaseFigures;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/** Statistics as the report shows them. */
final class FiguresOf {
    private static final List<Double> SHARES = List.of(0.5, 0.9, 0.99, 0.999);

    private FiguresOf() {}

    static Figures all(Statistics s, Map<Integer, TopK.Agreement> top) {
        Map<String, Double> agreement = new TreeMap<>();
        top.forEach((k, rows) -> {
            if (rows.rows() > 0) {
                agreement.put(k.toString(), rows.share());
            }
        });
        return new Figures(
                s.elements(),
                s.differing(),
                s.normalisedRmse(),
                s.rmse(),
                s.maxAbsolute(),
                s.meanAbsolute(),
                quantiles(s::absoluteQuantile),
                s.maxRelative(),
                s.meanRelative(),
                quantiles(s::relativeQuantile),
                Statistics.RELATIVE_FLOOR,
                s.cosine(),
                s.snrDb(),
                s.psnrDb(),
                s.maxUlp(),
                s.ulpHistogram(),
                new Figures.NonFinite(
                        s.referenceNans(),
                        s.candidateNans(),
                        s.referenceInfinities(),
                        s.candidateInfinities(),
                        s.maskMismatches()),
                s.byMagnitude().stream()
                        .map(row -> new Figures.Magnitude(row.from(), row.to(), row.count(), row.rmse(), row.max()))
                        .toList(),
                agreement);
    }

    static CaseFigures oneCase(String name, Statistics s) {
        return new CaseFigures(
                name, s.normalisedRmse(), s.maxAbsolute(), s.maxRelative(), s.cosine(), s.maxUlp(), s.maskMismatches());
    }

    private static Map<String, Double> quantiles(DoubleUnaryOperator quantile) {
        Map<String, Double> quantiles = new TreeMap<>();
        SHARES.forEach(share -> quantiles.put(share.toString(), quantile.applyAsDouble(share)));
        return quantiles;
    }
}
