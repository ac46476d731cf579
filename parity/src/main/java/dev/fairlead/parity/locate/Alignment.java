package dev.fairlead.parity.locate;

import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.provenance.OfValue;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.provenance.Relation;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Which values of a candidate are the same as which of its source: by provenance, by name, and the outputs by position. */
final class Alignment {
    private final Model candidate;
    private final Map<String, Node> makers = new HashMap<>();
    private final Map<String, Aligned> byValue = new LinkedHashMap<>();

    /**
     * @param names that the source can give
     * @param outputs the source's, in its order; may be absent from {@code names} where they are not known
     */
    Alignment(Model candidate, Provenance provenance, Set<String> names, List<String> outputs) {
        this.candidate = candidate;
        Graph graph = candidate.graph();
        for (Node node : graph.nodes()) {
            node.outputs().forEach(name -> makers.put(name, node));
        }
        List<String> own = graph.outputs().stream().map(Value::name).toList();
        List<String> matched = Feeds.matched(outputs, own);
        for (int i = 0; i < Math.min(own.size(), matched.size()); i++) {
            add(own.get(i), matched.get(i), Relation.IDENTITY, names);
        }
        for (OfValue value : provenance.values()) {
            if (value.sources().size() == 1) {
                add(value.value(), value.sources().getFirst(), value.relation(), names);
            }
        }
        makers.keySet().forEach(name -> add(name, name, Relation.IDENTITY, names));
    }

    private void add(String value, String source, Relation relation, Set<String> names) {
        Node node = makers.get(value);
        if (node == null || !names.contains(source)) {
            return;
        }
        boolean comparable = switch (relation) {
            case IDENTITY, RESHAPE -> true;
            // What the relation leaves open stands in the node that does nothing else.
            case PERMUTE -> node.op().equals("Transpose");
            case SLICE -> node.op().equals("Slice") && parametersAreConstant(node);
            case CONCAT_PART, CAST, AFFINE, FUSED_INTERNAL, SHAPE -> false;
        };
        if (comparable) {
            byValue.putIfAbsent(value, new Aligned(value, source, relation));
        }
    }

    private boolean parametersAreConstant(Node node) {
        return node.inputs().stream()
                .skip(1)
                .allMatch(name ->
                        name.isEmpty() || candidate.graph().initializers().containsKey(name));
    }

    /** All, by the candidate's names. */
    Map<String, Aligned> values() {
        return byValue;
    }

    Optional<Aligned> of(String value) {
        return Optional.ofNullable(byValue.get(value));
    }

    /** A value of the source in the form in which the candidate has it. */
    Array counterpart(Aligned aligned, Array source) {
        if (aligned.acquits()) {
            return source;
        }
        Node node = Objects.requireNonNull(makers.get(aligned.value()));
        Map<String, Datum> inputs = new HashMap<>();
        for (String name : node.inputs()) {
            Optional.ofNullable(candidate.graph().initializers().get(name))
                    .ifPresent(tensor -> inputs.put(name, Datum.of(Array.of(tensor))));
        }
        inputs.put(node.inputs().getFirst(), Datum.of(source));
        return new Alone(candidate, node).run(inputs).get(aligned.value()) instanceof Datum.Dense(Array array)
                ? array
                : source;
    }
}
