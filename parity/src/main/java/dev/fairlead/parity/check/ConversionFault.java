package dev.fairlead.parity.check;

import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
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
import dev.fairlead.parity.locate.WeightCheck;
import dev.fairlead.parity.locate.WeightFault;
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
        Provenance provenance =
                Files.exists(to.resolve(ProvenanceFile.FILE)) ? ProvenanceFile.read(to) : Provenance.NONE;
        List<String> given = names(Feeds.fed(source.graph()));
        Divergence divergence = new Divergence(
                candidate,
                provenance,
                new Interpreted(source, given),
                names(source.graph().outputs()),
                new Interpreted(candidate, Feeds.matched(given, names(Feeds.fed(candidate.graph())))));
        return divergence.locate(cases(inputs, report)).withWeights(weights(from, source, candidate, provenance));
    }

    private static List<String> names(List<Value> values) {
        return values.stream().map(Value::name).toList();
    }

    private static List<Case> cases(Map<String, Map<String, Tensor>> inputs, Report report) {
        Set<String> names = new LinkedHashSet<>();
        report.outputs().stream()
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
