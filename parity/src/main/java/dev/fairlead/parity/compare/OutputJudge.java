package dev.fairlead.parity.compare;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.floor.FloorFile;
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
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
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
    private final boolean isWide;
    private final Optional<FloorFile> floor;
    private final Map<String, NavigableMap<String, Tensor>> witness;

    /**
     * @param floor of the reference, in which numbers are judged where there is one
     * @param witness outputs of another machine, by output and case: where it lost an element to overflow too, that is
     *     no fault of this one; may be empty
     */
    OutputJudge(
            Policy policy,
            Fingerprint reference,
            Fingerprint candidate,
            Optional<FloorFile> floor,
            Map<String, NavigableMap<String, Tensor>> witness) {
        this.policy = policy;
        this.tf32 = tf32(reference) || tf32(candidate);
        this.isWide = reference.precision().equals("float64");
        this.floor = floor;
        this.witness = witness;
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
        if (!isComparable(wanted.dtype(), found.dtype())) {
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

    private boolean isComparable(DType wanted, DType found) {
        return wanted == found
                || (wanted.isFloating() && found.isFloating())
                || (isWide && wanted == DType.INT64 && isWhole(found));
    }

    private static boolean isWhole(DType dtype) {
        return dtype.isInteger() || dtype == DType.BOOL;
    }

    /** As the interpreter has them, which keeps integers of all widths in 64 bits. */
    private static Tensor widened(Tensor tensor, DType wanted) {
        if (wanted != DType.INT64 || tensor.dtype() == wanted || !isWhole(tensor.dtype())) {
            return tensor;
        }
        long[] values = new long[Math.toIntExact(tensor.elements())];
        Arrays.setAll(values, tensor::longAt);
        return Tensor.ofLongs(tensor.shape(), values);
    }

    private Judged numbers(
            String output, NavigableMap<String, Tensor> reference, NavigableMap<String, Tensor> candidate) {
        Optional<Noise> noise = floor.flatMap(file -> Noise.of(file, output, reference));
        OutputFindings findings =
                new OutputFindings(output, policy, noise, witness.getOrDefault(output, new TreeMap<>()));
        Map<Integer, TopK.Agreement> top = new TreeMap<>();
        List<Statistics> parts = new ArrayList<>();
        List<CaseFigures> cases = new ArrayList<>();
        for (Map.Entry<String, Tensor> entry : reference.entrySet()) {
            String name = entry.getKey();
            Tensor found = candidateOf(candidate, name);
            Pair pair =
                    new Pair(entry.getValue(), widened(found, entry.getValue().dtype()));
            Statistics statistics = Measurement.of(pair);
            findings.add(name, pair, precision(pair.precision()), statistics);
            if (pair.precision().isFloating() && !pair.reference().shape().isEmpty()) {
                TOP.forEach(k -> top.merge(k, TopK.of(pair, k), TopK.Agreement::plus));
            }
            parts.add(statistics);
            cases.add(FiguresOf.oneCase(name, statistics));
        }
        cases.sort(Comparator.comparingLong(CaseFigures::maskMismatches)
                .thenComparingDouble(CaseFigures::normalisedRmse)
                .thenComparingDouble(CaseFigures::maxAbsolute)
                // Large integers can differ by less than a float64 tells.
                .thenComparingLong(CaseFigures::maxUlp)
                .reversed()
                .thenComparing(CaseFigures::name));
        Statistics all = Statistics.merge(parts);
        OutputFindings.Conclusion conclusion = findings.conclusion(all, cases.getFirst());
        OutputVerdict judged = new OutputVerdict(
                output,
                reference.firstEntry().getValue().dtype().text(),
                candidate.firstEntry().getValue().dtype().text(),
                findings.precision(),
                conclusion.verdict(),
                conclusion.code(),
                conclusion.sentence(),
                findings.limit(),
                findings.floor(),
                findings.rho(),
                cases.size(),
                cases.getFirst().name(),
                FiguresOf.all(all, top),
                cases.subList(0, Math.min(WORST, cases.size())));
        return new Judged(judged, findings.failed());
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
                null,
                null,
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
