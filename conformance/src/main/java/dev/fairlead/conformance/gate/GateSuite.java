package dev.fairlead.conformance.gate;

import ai.onnxruntime.OrtException;
import dev.fairlead.conformance.Folders;
import dev.fairlead.conformance.OnnxRuntime;
import dev.fairlead.conformance.Outcome;
import dev.fairlead.conformance.Suite;
import dev.fairlead.conformance.gate.Fault.Kind;
import dev.fairlead.conformance.gate.Fault.Level;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.check.GeneratedInputs;
import dev.fairlead.parity.verdict.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Every seeded fault has to fail, and its clean twin to pass. */
public final class GateSuite implements Suite {
    /** Twice through the kinds of numbers, and through the sizes. */
    private static final int INPUTS = 14;

    private static final long SEED = 1;

    @Override
    public String name() {
        return "parity-faults";
    }

    static List<Fault> faults() {
        return Stream.of(
                        LayerFaults.all(),
                        AttentionFaults.all(),
                        PositionFaults.all(),
                        ImageFaults.all(),
                        MachineFaults.all(),
                        QuantisedFaults.all())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public void run(Predicate<String> selected, Report report) {
        for (Fault fault : faults()) {
            for (Level level : fault.precisions()) {
                String name = fault.id() + "/" + level.name().toLowerCase(Locale.ROOT);
                if (selected.test("fault/" + name)) {
                    report.add("fault/" + name, judged(() -> pair(fault, level, Verdict.FAILED), Verdict.FAILED));
                }
                if (selected.test("clean/" + name)) {
                    report.add("clean/" + name, judged(() -> pair(fault, level, Verdict.PASSED), Verdict.PASSED));
                }
            }
        }
    }

    private static Gate.Pair pair(Fault fault, Level level, Verdict expected) {
        Model right = fault.right();
        NavigableMap<String, Map<String, Tensor>> inputs =
                GeneratedInputs.of(Levels.declared(right, level), INPUTS, SEED);
        if (expected == Verdict.PASSED) {
            return new Gate.Pair(right, level, right, right, level, inputs);
        }
        Model wrong = fault.wrong();
        Model converted = fault.kind() == Kind.MACHINE ? right : wrong;
        Level sourceLevel = fault.kind() == Kind.PRECISION ? Level.FLOAT32 : level;
        return new Gate.Pair(right, sourceLevel, converted, wrong, level, inputs);
    }

    static Outcome judged(Supplier<Gate.Pair> pair, Verdict expected) {
        return judged(
                pair,
                judgement -> judgement.verdict() == expected
                        ? new Outcome.Passed()
                        : new Outcome.Failed(judgement.sentence()));
    }

    /** What becomes of a pair by a rule of its own. */
    @SuppressWarnings("CatchingUnchecked") // a process boundary: whatever a case throws is its outcome
    static Outcome judged(Supplier<Gate.Pair> pair, Function<Gate.Judgement, Outcome> rule) {
        try {
            Path folder = Files.createTempDirectory("fairlead-gate");
            try {
                return rule.apply(Gate.judge(pair.get(), folder));
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
