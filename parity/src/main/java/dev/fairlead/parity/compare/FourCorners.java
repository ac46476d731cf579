package dev.fairlead.parity.compare;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.floor.FloorFile;
import dev.fairlead.parity.verdict.Claim;
import dev.fairlead.parity.verdict.Comparison;
import dev.fairlead.parity.verdict.Comparison.Judges;
import dev.fairlead.parity.verdict.Corner;
import dev.fairlead.parity.verdict.Fingerprint;
import dev.fairlead.parity.verdict.OutputVerdict;
import dev.fairlead.parity.verdict.Policy;
import dev.fairlead.parity.verdict.Report;
import dev.fairlead.parity.verdict.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares the corners of a promotion: S64 with G64 tells of the conversion, S with S64 and C with G64 of the two machines, in the noise of
 * G64. Without a conversion there is no S64, and both machines are held against G64.
 */
public final class FourCorners {
    private final Map<Corner, Outputs> corners;
    private final Policy policy;
    private final List<Comparison> comparisons = new ArrayList<>();
    private final Set<String> cases = new HashSet<>();
    private final Set<String> failedCases = new HashSet<>();

    private FourCorners(Map<Corner, Outputs> corners, Policy policy) {
        this.corners = corners;
        this.policy = policy;
    }

    /**
     * Compares. Whatever is wrong with a corner is in the report: nothing is thrown for it.
     *
     * @param folders of outputs; S, G64 and C at least
     */
    public static Report compare(Map<Corner, Path> folders, Policy policy) {
        for (Corner corner : List.of(Corner.S, Corner.G64, Corner.C)) {
            if (!folders.containsKey(corner)) {
                throw new IllegalArgumentException("folders: " + corner + " is missing");
            }
        }
        Map<Corner, Outputs> opened = new EnumMap<>(Corner.class);
        try {
            for (Map.Entry<Corner, Path> folder : new EnumMap<>(folders).entrySet()) {
                try {
                    opened.put(folder.getKey(), Outputs.open(folder.getValue()));
                } catch (UnreadableOutputs e) {
                    return Comparer.unreadable(folder.getKey().name(), e, null, policy);
                }
            }
            return new FourCorners(opened, policy).report();
        } finally {
            opened.values().forEach(Outputs::close);
        }
    }

    private Report report() {
        Outputs s = corner(Corner.S);
        Outputs g64 = corner(Corner.G64);
        Outputs c = corner(Corner.C);
        @Nullable Outputs s64 = corners.get(Corner.S64);
        Optional<FloorFile> floor = g64.floor();
        if (s64 != null) {
            add(Judges.CONVERSION, s64, g64, Optional.empty(), Map.of());
        }
        add(Judges.SOURCE_MACHINE, s64 == null ? g64 : s64, s, floor, c.byOutput());
        add(Judges.TARGET_MACHINE, g64, c, floor, s.byOutput());
        Outcome outcome = outcome(s, c);
        List<String> notes = new ArrayList<>(Notes.of(s, c, List.of()));
        if (s64 == null) {
            notes.add("the source was not converted: there is one graph, and both machines are held against it");
        }
        Map<Corner, Fingerprint> fingerprints = new EnumMap<>(Corner.class);
        corners.forEach((corner, side) -> fingerprints.put(corner, side.fingerprint()));
        return new Report(
                Report.FORMAT,
                Report.VERSION,
                outcome.verdict(),
                outcome.verdict() + ": " + outcome.sentence(),
                cases.size(),
                claim(),
                shown(),
                fingerprints,
                comparisons,
                List.of(),
                null,
                notes,
                s.fingerprint(),
                c.fingerprint(),
                policy);
    }

    private Claim claim() {
        Policy.Demand demand = policy.claim() == null ? Policy.Demand.DEFAULT : policy.claim();
        return Claim.of(cases.size(), failedCases.size(), demand.confidence());
    }

    private Outputs corner(Corner corner) {
        return Objects.requireNonNull(corners.get(corner));
    }

    /** The outputs of the comparison that is at fault, else those of the machine that will serve. */
    private List<OutputVerdict> shown() {
        return comparisons.stream()
                .filter(comparison -> comparison.verdict() == Verdict.FAILED)
                .findFirst()
                .orElseGet(comparisons::getLast)
                .outputs();
    }

    private void add(
            Judges judges,
            Outputs reference,
            Outputs candidate,
            Optional<FloorFile> floor,
            Map<String, NavigableMap<String, Tensor>> witness) {
        Comparer.Found found = Comparer.compared(reference, candidate, floor, witness, policy);
        Outcome numbers = Outcome.ofNumbers(found.outputs(), policy);
        comparisons.add(new Comparison(judges, numbers.verdict(), numbers.sentence(), found.outputs()));
        cases.addAll(found.cases());
        failedCases.addAll(found.failedCases());
    }

    /**
     * An output that is of another kind of numbers on the target's machine than on the source's: float64 corners have neither's type. Two
     * floating types are judged at the lower precision.
     */
    private static Optional<String> otherType(Outputs s, Outputs c) {
        for (Map.Entry<String, NavigableMap<String, Tensor>> output :
                s.byOutput().entrySet()) {
            NavigableMap<String, Tensor> found = c.byOutput().get(output.getKey());
            if (found != null) {
                DType wanted = output.getValue().firstEntry().getValue().dtype();
                DType made = found.firstEntry().getValue().dtype();
                if (wanted != made && !(wanted.isFloating() && made.isFloating())) {
                    return Optional.of("output `%s` is %s on the target's machine, expected %s"
                            .formatted(output.getKey(), made.text(), wanted.text()));
                }
            }
        }
        return Optional.empty();
    }

    private Outcome outcome(Outputs s, Outputs c) {
        Optional<String> otherType = otherType(s, c);
        if (otherType.isPresent()) {
            return new Outcome(Verdict.FAILED, "the conversion is at fault: " + otherType.get());
        }
        List<Comparison> failed = comparisons.stream()
                .filter(comparison -> comparison.verdict() == Verdict.FAILED)
                .toList();
        if (!failed.isEmpty()) {
            Comparison first = failed.getFirst();
            String more = failed.size() == 1
                    ? ""
                    : ", and so is " + failed.getLast().judges().text();
            return new Outcome(
                    Verdict.FAILED,
                    "%s is at fault%s: %s".formatted(first.judges().text(), more, first.sentence()));
        }
        Map<String, Outputs> sides = new LinkedHashMap<>(Map.of("source", s, "target", c));
        return Outcome.reserved(cases.size(), sides, policy)
                .orElseGet(() -> new Outcome(
                        Verdict.PASSED,
                        (corners.containsKey(Corner.S64)
                                        ? "neither the conversion nor a machine is at fault: "
                                        : "neither machine is at fault: ")
                                + comparisons.getLast().sentence()));
    }
}
