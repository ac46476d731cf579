package dev.fairlead.model.provenance;

import java.util.List;

/**
 * Where an initializer's bytes come from.
 *
 * @param source weight of the source model
 * @param sha256 of the source tensor's bytes
 * @param transforms in the order in which they were applied; empty when the bytes are kept
 */
public record OfWeight(String initializer, String source, String sha256, List<WeightTransform> transforms) {
    public OfWeight {
        transforms = List.copyOf(transforms);
    }
}
