package dev.fairlead.model.provenance;

import dev.fairlead.model.graph.Origin;
import java.util.List;

/**
 * Where a value that a node makes comes from.
 *
 * @param sources values of the source graph
 * @param rule that made it, with its version
 */
public record OfValue(String value, List<String> sources, Origin origin, String rule, int version, Relation relation) {
    public OfValue {
        sources = List.copyOf(sources);
    }
}
