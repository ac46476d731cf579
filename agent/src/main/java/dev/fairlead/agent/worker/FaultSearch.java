package dev.fairlead.agent.worker;

import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.machine.MachineFile;
import dev.fairlead.agent.runtime.RuntimeSession;
import dev.fairlead.agent.runtime.SessionValues;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.provenance.OfValue;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.parity.check.ConversionFault;
import dev.fairlead.parity.check.GoldenInputs;
import dev.fairlead.parity.locate.Located;
import dev.fairlead.parity.verdict.Comparison.Judges;
import dev.fairlead.parity.verdict.Report;
import dev.fairlead.parity.verdict.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Looks for the operation behind a conversion that was found at fault, where the comparing job was given both models and the suite. The
 * source's values come from its format's own reference in float64, where there is one.
 */
final class FaultSearch {
    /** Values that are tapped in one run of the reference. */
    private static final int TAPS = 16;

    private final Task task;
    private final Path machine;

    /** @param machine the file of the machine, read when a reference is needed */
    FaultSearch(Task task, Path machine) {
        this.task = task;
        this.machine = machine;
    }

    /** The report, with the operation where it is found; the verdict stands whatever becomes of this. */
    Report explained(Report report) {
        boolean isAsked = Stream.of("source", "converted", "suite").allMatch(task.inputs()::containsKey);
        boolean isConversion = report.comparisons().stream()
                .anyMatch(one -> one.judges() == Judges.CONVERSION && one.verdict() == Verdict.FAILED);
        if (!isAsked || !isConversion) {
            return report;
        }
        try (GoldenInputs golden = GoldenInputs.open(task.input("suite"))) {
            return Converter.read(
                    task.input("source"),
                    source -> Converter.read(
                            task.input("converted"), candidate -> explained(report, source, candidate, golden)));
        } catch (ModelException | AgentFailure e) {
            return report.withNote("the operation at fault was not found: " + e.getMessage());
        }
    }

    private Optional<RuntimeSession> reference(Path model) {
        try {
            return new Evaluation(task, MachineFile.read(machine)).reference(model);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Report explained(Report report, Model source, Model candidate, GoldenInputs golden) {
        Path from = task.input("source");
        Path to = task.input("converted");
        Optional<RuntimeSession> reference = reference(from);
        if (reference.isEmpty()) {
            Located located = ConversionFault.locate(from, to, source, candidate, golden.cases(), report);
            return ConversionFault.explained(report, located);
        }
        try (RuntimeSession session = reference.get()) {
            SessionValues values = new SessionValues(session, sources(ConversionFault.provenance(to)), TAPS);
            Located located = ConversionFault.locate(from, to, source, values, candidate, golden.cases(), report);
            return ConversionFault.explained(report, located);
        }
    }

    /** Values of the source, in the order in which the conversion went through them. */
    private static List<String> sources(Provenance provenance) {
        return provenance.values().stream()
                .map(OfValue::sources)
                .flatMap(List::stream)
                .distinct()
                .toList();
    }
}
