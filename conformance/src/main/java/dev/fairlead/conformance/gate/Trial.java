package dev.fairlead.conformance.gate;

import ai.onnxruntime.OrtException;
import dev.fairlead.conformance.Folders;
import dev.fairlead.conformance.OnnxRuntime;
import dev.fairlead.conformance.Outcome;
import dev.fairlead.parity.verdict.Report;
import dev.fairlead.parity.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** One pair of models that is put before the gate, and what the gate has to say of it. */
public final class Trial {
    private final String name;
    private final Verdict expected;
    private final Optional<Fault> fault;
    private final Supplier<Gate.Pair> pair;

    Trial(String name, Verdict expected, Optional<Fault> fault, Supplier<Gate.Pair> pair) {
        this.name = name;
        this.expected = expected;
        this.fault = fault;
        this.pair = pair;
    }

    /** Such as {@code fault/01-tanh-gelu/float16}. */
    public String name() {
        return name;
    }

    /** Whether something is wrong with it. */
    public boolean isFault() {
        return expected == Verdict.FAILED;
    }

    /** Passed where the search behind a failed report names what was planted; only of a fault. */
    Outcome naming(Report report) {
        Fault planted = fault.orElseThrow();
        String found = new Naming(pair.get()).named(planted.kind(), report);
        return planted.culprits().stream().anyMatch(found::startsWith)
                ? new Outcome.Passed()
                : new Outcome.Failed("named " + (found.isEmpty() ? "nothing" : found) + ", not " + planted.culprits());
    }

    /**
     * Runs the four corners and judges them.
     *
     * @param folder in which each corner's outputs are left, {@code s}, {@code s64}, {@code g64} and {@code c}
     * @throws OrtException where ONNX Runtime can't run it
     */
    public Report judge(Path folder) throws IOException, OrtException {
        return Gate.judge(pair.get(), folder);
    }

    /** Passed where the gate says what it has to. */
    Outcome outcome() {
        return outcome(
                report -> report.verdict() == expected ? new Outcome.Passed() : new Outcome.Failed(report.sentence()));
    }

    @SuppressWarnings("CatchingUnchecked") // a process boundary: whatever a case throws is its outcome
    Outcome outcome(Function<Report, Outcome> rule) {
        try {
            Path folder = Files.createTempDirectory("fairlead-gate");
            try {
                return rule.apply(judge(folder));
            } finally {
                Folders.delete(folder);
            }
        } catch (OrtException e) {
            return OnnxRuntime.missingKernel(e)
                    .<Outcome>map(kernel -> new Outcome.Unsupported("ONNX Runtime has no kernel for " + kernel))
                    .orElseGet(() -> Outcome.of(e));
        } catch (Exception e) {
            return Outcome.of(e);
        }
    }
}
