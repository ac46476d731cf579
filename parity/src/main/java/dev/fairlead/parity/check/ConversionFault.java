package dev.fairlead.parity.check;

import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.provenance.ProvenanceFile;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.locate.Case;
import dev.fairlead.parity.locate.Divergence;
import dev.fairlead.parity.locate.Feeds;
import dev.fairlead.parity.locate.Interpreted;
import dev.fairlead.parity.locate.Located;
import dev.fairlead.parity.locate.Values;
import dev.fairlead.parity.locate.WeightCheck;
import dev.fairlead.parity.locate.WeightFault;
import dev.fairlead.parity.verdict.Culprit;
import dev.fairlead.parity.verdict.Operation;
import dev.fairlead.parity.verdict.OutputVerdict;
import dev.fairlead.parity.verdict.Report;
import dev.fairlead.parity.verdict.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Names the operation behind a conversion that failed its check. */
public final class ConversionFault {
    private static final String MLX_WEIGHTS = "weights.safetensors";

    private ConversionFault() {}

    /**
     * Looks at the cases that failed worst.
     *
     * @param from where the source was read
     * @param to where the candidate was read; its {@code provenance.json}, where there is one, says which values are the source's
     * @param inputs as they were checked
     * @param report of the check, which failed
     */
    public static Located locate(
            Path from, Path to, Model source, Model candidate, Map<String, Map<String, Tensor>> inputs, Report report) {
        List<String> given = names(Feeds.fed(source.graph()));
        return located(from, to, source, new Interpreted(source, given), given, candidate, inputs, report);
    }

    /**
     * The same with the source's values from elsewhere, such as its own reference in float64.
     *
     * @param values that can be asked for by the names that the candidate's provenance has
     */
    public static Located locate(
            Path from,
            Path to,
            Model source,
            Values values,
            Model candidate,
            Map<String, Map<String, Tensor>> inputs,
            Report report) {
        return located(from, to, source, values, names(Feeds.fed(source.graph())), candidate, inputs, report);
    }

    private static Located located(
            Path from,
            Path to,
            Model source,
            Values values,
            List<String> given,
            Model candidate,
            Map<String, Map<String, Tensor>> inputs,
            Report report) {
        Provenance provenance = provenance(to);
        Divergence divergence = new Divergence(
                candidate,
                provenance,
                values,
                names(source.graph().outputs()),
                new Interpreted(candidate, Feeds.matched(given, names(Feeds.fed(candidate.graph())))));
        return divergence.locate(cases(inputs, report)).withWeights(weights(from, source, candidate, provenance));
    }

    /** What a candidate's folder says of where its values come from; nothing where it has no {@code provenance.json}. */
    public static Provenance provenance(Path folder) {
        return Files.exists(folder.resolve(ProvenanceFile.FILE)) ? ProvenanceFile.read(folder) : Provenance.NONE;
    }

    /** The report with what was found. */
    public static Report explained(Report report, Located located) {
        List<Operation> worst = located.worst().stream()
                .map(one -> new Operation(
                        one.node(), one.op(), rule(one.rule(), one.version()), text(one.origin()), one.error()))
                .toList();
        Culprit culprit = located.culprit()
                .map(one -> new Culprit(
                        one.op() + " " + one.node(),
                        rule(one.rule(), one.version()),
                        text(one.origin()),
                        "",
                        located.sentence()))
                .or(() -> located.weights().stream()
                        .findFirst()
                        .map(weight -> new Culprit(
                                weight.initializer(), weight.rule(), text(weight.origin()), "", weight.sentence())))
                .orElse(null);
        return report.withOperations(worst, culprit);
    }

    private static String rule(String rule, int version) {
        return version == 0 ? rule : rule + "@" + version;
    }

    private static String text(Origin origin) {
        return origin.equals(Origin.UNKNOWN) ? "" : origin.toString();
    }

    private static List<String> names(List<Value> values) {
        return values.stream().map(Value::name).toList();
    }

    private static List<Case> cases(Map<String, Map<String, Tensor>> inputs, Report report) {
        Set<String> names = new LinkedHashSet<>();
        Stream.concat(
                        report.outputs().stream(),
                        report.comparisons().stream().flatMap(comparison -> comparison.outputs().stream()))
                .filter(output -> output.verdict() == Verdict.FAILED)
                .flatMap(output -> output.worst().stream())
                .sorted(Comparator.comparingDouble(OutputVerdict.CaseFigures::normalisedRmse)
                        .reversed())
                .map(OutputVerdict.CaseFigures::name)
                .filter(inputs::containsKey)
                .forEach(names::add);
        names.addAll(inputs.keySet());
        return names.stream()
                .map(name -> new Case(name, Objects.requireNonNull(inputs.get(name))))
                .toList();
    }

    /** Weights that were lifted from another format are not the source's own, and can't say what is wrong with others. */
    private static List<WeightFault> weights(Path from, Model source, Model candidate, Provenance provenance) {
        if (Files.exists(from.resolve(MLX_WEIGHTS))) {
            try (Safetensors file = Safetensors.open(from.resolve(MLX_WEIGHTS))) {
                return new WeightCheck(candidate, provenance, file.tensors()).faults(provenance.weights());
            }
        }
        Graph graph = source.graph();
        boolean isOnnx = from.toString().endsWith(".onnx") || Files.exists(from.resolve(OnnxWriter.MODEL));
        return new WeightCheck(candidate, provenance, isOnnx ? graph.initializers() : Map.of())
                .faults(provenance.weights());
    }
}
