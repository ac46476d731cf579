package dev.fairlead.parity.locate;

import dev.fairlead.model.tensor.Tensor;
import java.util.Map;
import java.util.Set;

/**
 * What a target computed inside a model.
 *
 * @param values by name
 * @param prefixed those whose tap changed the outputs, and that a prefix gave therefore
 */
public record Captured(Map<String, Tensor> values, Set<String> prefixed) {
    public Captured {
        values = Map.copyOf(values);
        prefixed = Set.copyOf(prefixed);
    }
}
