package dev.fairlead.parity.locate;

import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.provenance.OfWeight;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.tensor.Segments;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds a candidate's weights to the hashes of its source's, without a run: what the conversion did to a weight is undone, and the bytes
 * must be the source's.
 */
public final class WeightCheck {
    private final Model candidate;
    private final Describer describer;
    private final Map<String, Tensor> source;
    private final Map<String, String> owners = new HashMap<>();

    /**
     * @param source weights by the source's names, as many as are at hand
     */
    public WeightCheck(Model candidate, Provenance provenance, Map<String, Tensor> source) {
        this.candidate = candidate;
        this.describer = new Describer(candidate, provenance);
        this.source = source;
    }

    /**
     * All that are wrong, in the order of the provenance.
     *
     * @param weights of the provenance; those that were computed are left out, for they can't be undone
     */
    public List<WeightFault> faults(List<OfWeight> weights) {
        weights.forEach(weight -> owners.put(weight.sha256(), weight.source()));
        List<WeightFault> faults = new ArrayList<>();
        for (OfWeight weight : weights) {
            problem(weight).ifPresent(problem -> faults.add(fault(weight, problem)));
        }
        return faults;
    }

    private Optional<String> problem(OfWeight weight) {
        Tensor held = candidate.graph().initializers().get(weight.initializer());
        if (held == null) {
            return Optional.of("was dropped: the graph has no such initializer");
        }
        Optional<Tensor> wanted = Optional.ofNullable(source.get(weight.source()))
                .filter(tensor -> hash(tensor).equals(weight.sha256()));
        Optional<Tensor> found = Inversion.of(held, weight.transforms(), wanted.map(Tensor::shape));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        String hash = hash(found.get());
        if (hash.equals(weight.sha256())) {
            return source.containsKey(weight.source()) && wanted.isEmpty()
                    ? Optional.of("was converted from other bytes than the source at hand has")
                    : Optional.empty();
        }
        String other = owners.get(hash);
        if (other != null) {
            return Optional.of("holds the source's `" + other + "` instead");
        }
        return Optional.of(
                wanted.map(tensor -> Difference.of(tensor, found.get())).orElse("differs from the source by its hash"));
    }

    private static String hash(Tensor tensor) {
        return Segments.sha256(tensor.data());
    }

    private WeightFault fault(OfWeight weight, String problem) {
        Optional<Operation> user = candidate.graph().nodes().stream()
                .filter(node -> Uses.of(node).contains(weight.initializer()))
                .map(WeightCheck::result)
                .map(value -> describer.of(value, 0, List.of(), List.of()))
                .findFirst();
        return new WeightFault(
                weight.initializer(),
                weight.source(),
                user.map(Operation::title).orElse(""),
                user.map(Operation::rule).orElse(""),
                user.map(Operation::origin).orElse(Origin.UNKNOWN),
                problem);
    }

    private static String result(Node node) {
        return node.outputs().stream()
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("");
    }
}
