package dev.fairlead.parity.compare;

import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.verdict.Claim;
import dev.fairlead.parity.verdict.Fingerprint;
import dev.fairlead.parity.verdict.OutputVerdict;
import dev.fairlead.parity.verdict.Policy;
import dev.fairlead.parity.verdict.Report;
import dev.fairlead.parity.verdict.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares two outputs folders. Whatever is wrong with them is in the report: nothing is thrown for it. */
public final class Comparer {
    private Comparer() {}

    /**
     * Compares every case of every output.
     *
     * @param reference folder with {@code outputs.safetensors} and {@code fingerprint.json}
     * @param candidate likewise
     */
    public static Report compare(Path reference, Path candidate, Policy policy) {
        return compare(reference, candidate, Optional.empty(), policy);
    }

    /**
     * Compares every case of every output.
     *
     * @param witness outputs of another machine: what it lost to overflow too is no fault of the candidate
     */
    public static Report compare(Path reference, Path candidate, Optional<Path> witness, Policy policy) {
        try (Outputs wanted = Outputs.open(reference)) {
            try (Outputs found = Outputs.open(candidate)) {
                if (witness.isEmpty()) {
                    return compare(wanted, found, Map.of(), policy);
                }
                try (Outputs other = Outputs.open(witness.get())) {
                    return compare(wanted, found, other.byOutput(), policy);
                }
            } catch (UnreadableOutputs e) {
                return unreadable("candidate", e, wanted.fingerprint(), policy);
            }
        } catch (UnreadableOutputs e) {
            return unreadable("reference", e, null, policy);
        }
    }

    private static Report compare(
            Outputs reference, Outputs candidate, Map<String, NavigableMap<String, Tensor>> witness, Policy policy) {
        // Rounding is no excuse between two sides that do not round.
        boolean isExact = candidate.fingerprint().precision().equals("float64");
        OutputJudge judge = new OutputJudge(
                policy,
                reference.fingerprint(),
                candidate.fingerprint(),
                isExact ? Optional.empty() : reference.floor(),
                witness);
        List<OutputVerdict> outputs = new ArrayList<>();
        Set<String> cases = new HashSet<>();
        Set<String> failedCases = new HashSet<>();
        for (Map.Entry<String, NavigableMap<String, Tensor>> output :
                reference.byOutput().entrySet()) {
            OutputJudge.Judged judged = judge.judge(
                    output.getKey(), output.getValue(), candidate.byOutput().get(output.getKey()));
            outputs.add(judged.verdict());
            cases.addAll(output.getValue().keySet());
            if (!policy.allows(judged.verdict().code())) {
                failedCases.addAll(judged.failedCases());
            }
        }
        // A case that only the candidate has is a fault, but no input that was compared.
        failedCases.retainAll(cases);
        Outcome outcome = outcome(reference, candidate, policy, outputs, cases.size());
        return new Report(
                Report.FORMAT,
                Report.VERSION,
                outcome.verdict,
                outcome.verdict + ": " + outcome.sentence,
                cases.size(),
                Claim.of(cases.size(), failedCases.size()),
                outputs,
                Notes.of(reference, candidate, outputs),
                reference.fingerprint(),
                candidate.fingerprint(),
                policy);
    }

    private record Outcome(Verdict verdict, String sentence) {}

    private static Outcome outcome(
            Outputs reference, Outputs candidate, Policy policy, List<OutputVerdict> outputs, int inputs) {
        for (OutputVerdict output : outputs) {
            if (fails(output, policy)) {
                long failed = outputs.stream().filter(o -> fails(o, policy)).count();
                String more = failed == 1 ? "" : "; %d of %d outputs fail".formatted(failed, outputs.size());
                return new Outcome(Verdict.FAILED, output.sentence() + more);
            }
        }
        if (inputs < policy.requiredInputs()) {
            return new Outcome(
                    Verdict.INCONCLUSIVE,
                    "%d inputs were compared, the policy asks for %d".formatted(inputs, policy.requiredInputs()));
        }
        if (!policy.acceptStandIns()) {
            for (Outputs side : List.of(reference, candidate)) {
                if (side.fingerprint().standIn()) {
                    return new Outcome(
                            Verdict.INCONCLUSIVE,
                            "the %s side ran on a stand-in (%s), which the policy does not accept"
                                    .formatted(
                                            side == reference ? "reference" : "candidate",
                                            side.fingerprint().summary()));
                }
            }
        }
        OutputVerdict tightest = outputs.stream()
                .reduce((a, b) -> share(a) >= share(b) ? a : b)
                .orElseThrow(() -> new IllegalStateException("at least one input has at least one output"));
        String others = outputs.size() == 1 ? "" : "; %d outputs in all".formatted(outputs.size());
        List<String> allowed = outputs.stream()
                .filter(output -> output.verdict() == Verdict.FAILED)
                .map(output -> output.name() + " " + output.code())
                .toList();
        String noted = allowed.isEmpty() ? "" : "; allowed by the policy: " + String.join(", ", allowed);
        return new Outcome(Verdict.PASSED, tightest.sentence() + others + noted);
    }

    private static boolean fails(OutputVerdict output, Policy policy) {
        return output.verdict() == Verdict.FAILED && !policy.allows(output.code());
    }

    /** How much of its limit an output used. */
    private static double share(OutputVerdict output) {
        return output.figures() == null || output.limit() == 0
                ? 0
                : output.figures().normalisedRmse() / output.limit();
    }

    private static Report unreadable(String side, UnreadableOutputs e, @Nullable Fingerprint reference, Policy policy) {
        return new Report(
                Report.FORMAT,
                Report.VERSION,
                Verdict.ERROR,
                Verdict.ERROR + ": the " + side + " side cannot be read: " + e.getMessage(),
                0,
                Claim.of(0, 0),
                List.of(),
                List.of(),
                reference,
                null,
                policy);
    }
}
