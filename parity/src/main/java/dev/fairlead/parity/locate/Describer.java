package dev.fairlead.parity.locate;

import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.provenance.OfValue;
import dev.fairlead.model.provenance.OriginMetadata;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.provenance.Relation;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Says of a candidate's values which node made them, by which rule, and from which line. */
final class Describer {
    private final Map<String, Node> makers = new LinkedHashMap<>();
    private final Map<String, OfValue> provenance = new HashMap<>();

    Describer(Model model, Provenance known) {
        for (Node node : model.graph().nodes()) {
            node.outputs().stream().filter(name -> !name.isEmpty()).forEach(name -> makers.put(name, node));
        }
        // A value that stands twice is first what it is, then what it no longer shows.
        known.values()
                .forEach(value -> provenance.merge(
                        value.value(), value, (one, other) -> one.relation() == Relation.FUSED_INTERNAL ? other : one));
    }

    Operation of(String value, double error, List<Operation.Input> inputs, List<String> within) {
        return of(Objects.requireNonNull(makers.get(value)), value, error, inputs, within);
    }

    /** @param node that stands for all those that make the value of others that were compared */
    Operation of(Node node, String value, double error, List<Operation.Input> inputs, List<String> within) {
        OfValue known = provenance.get(value);
        Origin stated = OriginMetadata.origin(node.metadata());
        return new Operation(
                name(node),
                op(node),
                value,
                known == null ? node.metadata().getOrDefault(OriginMetadata.OPERATION, "") : known.rule(),
                known == null ? 0 : known.version(),
                known == null || known.origin().equals(Origin.UNKNOWN) ? stated : known.origin(),
                error,
                inputs,
                within);
    }

    /** Whether a value is a size, computed from the inputs' shapes. */
    boolean isSize(String value) {
        OfValue known = provenance.get(value);
        return known != null && known.relation() == Relation.SHAPE;
    }

    static String op(Node node) {
        return node.domain().isEmpty() ? node.op() : node.domain() + "." + node.op();
    }

    static String name(Node node) {
        return node.name().isEmpty() ? node.outputs().getFirst() : node.name();
    }
}
