package dev.fairlead.parity.compare;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.metrics.Measurement;
import dev.fairlead.parity.metrics.Pair;
import dev.fairlead.parity.metrics.Statistics;
import dev.fairlead.parity.metrics.TopK;
import dev.fairlead.parity.verdict.Fingerprint;
import dev.fairlead.parity.verdict.OutputVerdict;
import dev.fairlead.parity.verdict.OutputVerdict.CaseFigures;
import dev.fairlead.parity.verdict.Policy;
import dev.fairlead.parity.verdict.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges one output over all its cases: structure, then the masks of what is not finite, then the numbers. The first that
 * is wrong names the verdict.
 */
final class OutputJudge {
    private static final int WORST = 10;
    private static final List<Integer> TOP = List.of(1, 5);

    private final Policy policy;
    private final boolean tf32;

    OutputJudge(Policy policy, Fingerprint reference, Fingerprint candidate) {
        this.policy = policy;
        this.tf32 = tf32(reference) || tf32(candidate);
    }

    /** What was found, and the cases that were out of bound. */
    record Judged(OutputVerdict verdict, Set<String> failedCases) {}

    Judged judge(
            String output, NavigableMap<String, Tensor> reference, @Nullable NavigableMap<String, Tensor> candidate) {
        DType dtype = reference.firstEntry().getValue().dtype();
        if (candidate == null) {
            String sentence = "output `%s` is missing on the candidate side".formatted(output);
            return broken(output, dtype, "", "MissingOutput", sentence, reference, reference.firstKey());
        }
        for (Map.Entry<String, Tensor> entry : reference.entrySet()) {
            Tensor found = candidate.get(entry.getKey());
            Judged fault = structure(output, entry.getKey(), entry.getValue(), found, reference);
            if (fault != null) {
                return fault;
            }
        }
        for (String name : candidate.keySet()) {
            if (!reference.containsKey(name)) {
                String sentence = "output `%s` of case %s is on the candidate side only".formatted(output, name);
                return broken(output, dtype, dtype.text(), "UnexpectedCase", sentence, reference, name);
            }
        }
        return numbers(output, reference, candidate);
    }

    private @Nullable Judged structure(
            String output, String name, Tensor wanted, @Nullable Tensor found, NavigableMap<String, Tensor> reference) {
        String where = "output `%s` of case %s".formatted(output, name);
        if (found == null) {
            return broken(
                    output,
                    wanted.dtype(),
                    "",
                    "MissingOutput",
                    where + " is missing on the candidate side",
                    reference,
                    name);
        }
        boolean comparable = wanted.dtype() == found.dtype()
                || (wanted.dtype().isFloating() && found.dtype().isFloating());
        if (!comparable) {
            String sentence = "%s is %s, expected %s"
                    .formatted(where, found.dtype().text(), wanted.dtype().text());
            return broken(output, wanted.dtype(), found.dtype().text(), "DtypeMismatch", sentence, reference, name);
        }
        if (!wanted.shape().equals(found.shape())) {
            String sentence = "%s has shape %s, expected %s".formatted(where, found.shape(), wanted.shape());
            return broken(output, wanted.dtype(), found.dtype().text(), "ShapeMismatch", sentence, reference, name);
        }
        return null;
    }

    private Judged numbers(
            String output, NavigableMap<String, Tensor> reference, NavigableMap<String, Tensor> candidate) {
        Map<Integer, TopK.Agreement> top = new TreeMap<>();
        List<Statistics> parts = new ArrayList<>();
        List<CaseFigures> cases = new ArrayList<>();
        Set<String> failed = new HashSet<>();
        String precision = "";
        double limit = Double.POSITIVE_INFINITY;
        for (Map.Entry<String, Tensor> entry : reference.entrySet()) {
            Pair pair = new Pair(entry.getValue(), candidateOf(candidate, entry.getKey()));
            Statistics statistics = Measurement.of(pair);
            String here = precision(pair.precision());
            double hereLimit = policy.limit(output, here);
            if (hereLimit < limit || precision.isEmpty()) {
                precision = here;
                limit = hereLimit;
            }
            if (statistics.maskMismatches() > 0 || exceeds(statistics, pair, hereLimit)) {
                failed.add(entry.getKey());
            }
            if (pair.precision().isFloating() && !pair.reference().shape().isEmpty()) {
                TOP.forEach(k -> top.merge(k, TopK.of(pair, k), TopK.Agreement::plus));
            }
            parts.add(statistics);
            cases.add(FiguresOf.oneCase(entry.getKey(), statistics));
        }
        cases.sort(Comparator.comparingLong(CaseFigures::maskMismatches)
                .thenComparingDouble(CaseFigures::normalisedRmse)
                .thenComparingDouble(CaseFigures::maxAbsolute)
                // Large integers can differ by less than a float64 tells.
                .thenComparingLong(CaseFigures::maxUlp)
                .reversed()
                .thenComparing(CaseFigures::name));
        return verdict(
                output,
                reference.firstEntry().getValue().dtype(),
                candidate.firstEntry().getValue().dtype(),
                precision,
                limit,
                Statistics.merge(parts),
                top,
                cases,
                failed);
    }

    private static boolean exceeds(Statistics statistics, Pair pair, double limit) {
        return (pair.precision().isFloating() || limit > 0)
                ? !(statistics.normalisedRmse() <= limit)
                : statistics.differing() > 0;
    }

    private Judged verdict(
            String output,
            DType dtype,
            DType candidateDtype,
            String precision,
            double limit,
            Statistics all,
            Map<Integer, TopK.Agreement> top,
            List<CaseFigures> cases,
            Set<String> failed) {
        int n = cases.size();
        CaseFigures worst = cases.getFirst();
        boolean exact = limit == 0;
        String code;
        String sentence;
        if (all.maskMismatches() > 0) {
            code = "MaskMismatch";
            sentence = "output `%s` is NaN or infinite on one side only at %d of %d positions; worst case %s"
                    .formatted(output, all.maskMismatches(), all.elements(), worst.name());
        } else if (failed.isEmpty()) {
            code = "WithinLimit";
            sentence = exact
                    ? "output `%s` is identical over %d inputs".formatted(output, n)
                    : "output `%s` agrees: normalised RMSE %s, limit %s, over %d inputs"
                            .formatted(output, number(all.normalisedRmse()), number(limit), n);
        } else if (exact) {
            code = "NotExact";
            sentence = "output `%s` must be exact and differs at %d of %d positions in %d of %d inputs; worst case %s"
                    .formatted(output, all.differing(), all.elements(), failed.size(), n, worst.name());
        } else {
            code = "LimitExceeded";
            sentence = "output `%s` differs: normalised RMSE %s, limit %s, in %d of %d inputs; worst case %s with %s"
                    .formatted(
                            output,
                            number(all.normalisedRmse()),
                            number(limit),
                            failed.size(),
                            n,
                            worst.name(),
                            number(worst.normalisedRmse()));
        }
        Verdict verdict = failed.isEmpty() ? Verdict.PASSED : Verdict.FAILED;
        OutputVerdict judged = new OutputVerdict(
                output,
                dtype.text(),
                candidateDtype.text(),
                precision,
                verdict,
                code,
                sentence,
                limit,
                n,
                worst.name(),
                FiguresOf.all(all, top),
                cases.subList(0, Math.min(WORST, n)));
        return new Judged(judged, failed);
    }

    private Judged broken(
            String output,
            DType dtype,
            String candidateDtype,
            String code,
            String sentence,
            NavigableMap<String, Tensor> reference,
            String worst) {
        String precision = precision(dtype);
        OutputVerdict verdict = new OutputVerdict(
                output,
                dtype.text(),
                candidateDtype,
                precision,
                Verdict.FAILED,
                code,
                sentence,
                policy.limit(output, precision),
                reference.size(),
                worst,
                null,
                List.of());
        return new Judged(verdict, Set.of(worst));
    }

    /** float32 that a side computed as TF32 is judged as what it is. */
    private String precision(DType dtype) {
        return dtype == DType.FLOAT32 && tf32 ? "tf32" : dtype.text();
    }

    private static boolean tf32(Fingerprint fingerprint) {
        String setting = fingerprint.precisionSettings().getOrDefault("use_tf32", "0");
        return fingerprint.precision().equalsIgnoreCase("tf32") || setting.equals("1");
    }

    private static Tensor candidateOf(NavigableMap<String, Tensor> candidate, String name) {
        Tensor tensor = candidate.get(name);
        if (tensor == null) {
            throw new IllegalStateException("case " + name + " was checked to be there");
        }
        return tensor;
    }

    static String number(double value) {
        return value == 0
                ? "0"
                : String.format(Locale.ROOT, "%.1e", value).replace("e-0", "e-").replace("e+0", "e");
    }
}
