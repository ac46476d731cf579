package dev.fairlead.parity.compare;

import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.floor.FloorFile;
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
        try (Outputs wanted = Outputs.open(reference)) {
            try (Outputs found = Outputs.open(candidate)) {
                return report(wanted, found, policy);
            } catch (UnreadableOutputs e) {
                return unreadable("candidate", e, wanted.fingerprint(), policy);
            }
        } catch (UnreadableOutputs e) {
            return unreadable("reference", e, null, policy);
        }
    }

    private static Report report(Outputs reference, Outputs candidate, Policy policy) {
        Found found = compared(reference, candidate, reference.floor(), Map.of(), policy);
        Outcome outcome = Outcome.of(found, Map.of("reference", reference, "candidate", candidate), policy);
        return Report.ofSides(
                outcome.verdict(),
                outcome.verdict() + ": " + outcome.sentence(),
                found.cases().size(),
                Claim.of(found.cases().size(), found.failedCases().size()),
                found.outputs(),
                Notes.of(reference, candidate, found.outputs()),
                reference.fingerprint(),
                candidate.fingerprint(),
                policy);
    }

    /** What a comparison found, by output, and the cases it is of. */
    record Found(List<OutputVerdict> outputs, Set<String> cases, Set<String> failedCases) {}

    /**
     * Judges all outputs of the reference.
     *
     * @param floor what the candidate is judged in; of no account where it is in float64 itself
     * @param witness outputs of another machine: what it lost to overflow too is no fault of the candidate
     */
    static Found compared(
            Outputs reference,
            Outputs candidate,
            Optional<FloorFile> floor,
            Map<String, NavigableMap<String, Tensor>> witness,
            Policy policy) {
        // Rounding is no excuse between two sides that do not round.
        boolean isExact = candidate.fingerprint().precision().equals("float64");
        OutputJudge judge = new OutputJudge(
                policy, reference.fingerprint(), candidate.fingerprint(), isExact ? Optional.empty() : floor, witness);
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
        return new Found(outputs, cases, failedCases);
    }

    static Report unreadable(String side, UnreadableOutputs e, @Nullable Fingerprint reference, Policy policy) {
        return Report.ofSides(
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
