package dev.fairlead.parity.compare;

import dev.fairlead.parity.verdict.OutputVerdict;
import dev.fairlead.parity.verdict.Policy;
import dev.fairlead.parity.verdict.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The verdict of a comparison and why. */
record Outcome(Verdict verdict, String sentence) {
    /** @param sides by what a sentence calls them */
    static Outcome of(Comparer.Found found, Map<String, Outputs> sides, Policy policy) {
        Outcome numbers = ofNumbers(found.outputs(), policy);
        return numbers.verdict() == Verdict.PASSED
                ? reserved(found.cases().size(), sides, policy).orElse(numbers)
                : numbers;
    }

    /** Without regard to the number of inputs and to stand-ins. */
    static Outcome ofNumbers(List<OutputVerdict> outputs, Policy policy) {
        for (OutputVerdict output : outputs) {
            if (fails(output, policy)) {
                long failed = outputs.stream().filter(o -> fails(o, policy)).count();
                String more = failed == 1 ? "" : "; %d of %d outputs fail".formatted(failed, outputs.size());
                return new Outcome(Verdict.FAILED, output.sentence() + more);
            }
        }
        String tightest = outputs.stream()
                .reduce((a, b) -> share(a) >= share(b) ? a : b)
                .map(OutputVerdict::sentence)
                .orElse("there is no output");
        String others = outputs.size() < 2 ? "" : "; %d outputs in all".formatted(outputs.size());
        List<String> allowed = outputs.stream()
                .filter(output -> output.verdict() == Verdict.FAILED)
                .map(output -> output.name() + " " + output.code())
                .toList();
        String noted = allowed.isEmpty() ? "" : "; allowed by the policy: " + String.join(", ", allowed);
        return new Outcome(Verdict.PASSED, tightest + others + noted);
    }

    /** Why a pass would not count; empty where it does. */
    static Optional<Outcome> reserved(int inputs, Map<String, Outputs> sides, Policy policy) {
        if (inputs < policy.requiredInputs()) {
            return Optional.of(new Outcome(
                    Verdict.INCONCLUSIVE,
                    "%d inputs were compared, the policy asks for %d".formatted(inputs, policy.requiredInputs())));
        }
        if (policy.acceptStandIns()) {
            return Optional.empty();
        }
        return new TreeMap<>(sides)
                .descendingMap().entrySet().stream()
                        .filter(side -> side.getValue().fingerprint().standIn())
                        .findFirst()
                        .map(side -> new Outcome(
                                Verdict.INCONCLUSIVE,
                                "the %s side ran on a stand-in (%s), which the policy does not accept"
                                        .formatted(
                                                side.getKey(),
                                                side.getValue().fingerprint().summary())));
    }

    private static boolean fails(OutputVerdict output, Policy policy) {
        return output.verdict() == Verdict.FAILED && !policy.allows(output.code());
    }

    /** How much of its limit an output used. */
    private static double share(OutputVerdict output) {
        Double rho = output.rho();
        if (rho != null) {
            return rho;
        }
        return output.figures() == null || output.limit() == 0
                ? 0
                : output.figures().normalisedRmse() / output.limit();
    }
}
