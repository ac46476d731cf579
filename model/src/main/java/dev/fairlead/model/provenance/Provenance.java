package dev.fairlead.model.provenance;

import java.util.List;

/**
 * Where the parts of a converted model come from.
 *
 * @param values in the order of the nodes that make them
 */
public record Provenance(List<OfValue> values, List<OfWeight> weights) {
    public static final Provenance NONE = new Provenance(List.of(), List.of());

    public Provenance {
        values = List.copyOf(values);
        weights = List.copyOf(weights);
    }
}
