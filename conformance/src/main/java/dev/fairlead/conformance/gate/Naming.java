package dev.fairlead.conformance.gate;

import dev.fairlead.conformance.gate.Fault.Kind;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.locate.Case;
import dev.fairlead.parity.locate.Contract;
import dev.fairlead.parity.locate.Divergence;
import dev.fairlead.parity.locate.Interpreted;
import dev.fairlead.parity.locate.OnTarget;
import dev.fairlead.parity.locate.TargetSearch;
import dev.fairlead.parity.verdict.OutputVerdict;
import dev.fairlead.parity.verdict.Policy;
import dev.fairlead.parity.verdict.Report;
import dev.fairlead.parity.verdict.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Looks for the operation behind a fault that the gate has found. */
final class Naming {
    private static final int TAPS = 8;

    private final Gate.Pair pair;

    Naming(Gate.Pair pair) {
        this.pair = pair;
    }

    /** The name of the operation, empty where none was found. */
    String named(Kind kind, Report report) {
        List<String> cases = worst(report);
        return switch (kind) {
            case CONVERSION -> inConversion(cases);
            case MACHINE, PRECISION -> onTarget(cases.getFirst());
        };
    }

    private String inConversion(List<String> cases) {
        Model source = Levels.declared(pair.source(), pair.level());
        Model converted = Levels.declared(pair.converted(), pair.level());
        Divergence divergence = new Divergence(
                converted,
                Provenance.NONE,
                new Interpreted(source, names(source.graph().inputs())),
                names(source.graph().outputs()),
                new Interpreted(converted, names(converted.graph().inputs())));
        return divergence
                .locate(cases.stream().map(name -> new Case(name, inputs(name))).toList())
                .culprit()
                .map(operation -> operation.node())
                .orElse("");
    }

    private String onTarget(String name) {
        Model converted = Levels.declared(pair.converted(), pair.level());
        double limit = Policy.strict().limit("", Corpus.text(pair.level()).replace("int4", "float32"));
        TargetSearch search = new TargetSearch(converted, Provenance.NONE, Contract.FLOAT32, limit, TAPS);
        try (TappedTarget target = new TappedTarget(pair.executed(), pair.level())) {
            OnTarget found = search.search(target, inputs(name));
            return found.culprit().map(one -> one.operation().node()).orElse(found.first());
        }
    }

    private Map<String, Tensor> inputs(String name) {
        return Objects.requireNonNull(pair.inputs().get(name));
    }

    /** Cases that fail, those of the failing comparison's worst first. */
    private List<String> worst(Report report) {
        Set<String> names = new LinkedHashSet<>();
        report.comparisons().stream()
                .flatMap(comparison -> comparison.outputs().stream())
                .filter(output -> output.verdict() != Verdict.PASSED)
                .flatMap(output -> output.worst().stream())
                .map(OutputVerdict.CaseFigures::name)
                .forEach(names::add);
        names.addAll(pair.inputs().keySet());
        return new ArrayList<>(names);
    }

    private static List<String> names(List<Value> values) {
        return values.stream().map(Value::name).toList();
    }
}
