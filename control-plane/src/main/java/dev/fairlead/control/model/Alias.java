package dev.fairlead.control.model;

import dev.fairlead.control.artifact.Digest;
import java.time.Instant;

/**
 * What an environment runs of a model.
 *
 * @param version the version that was promoted
 * @param tree what runs: the converted tree, where the promotion converted it
 * @param format of {@code tree}
 */
public record Alias(
        ModelName model,
        String environment,
        int version,
        Digest tree,
        ModelFormat format,
        String promotionId,
        Instant movedAt) {
    /** As people write it: {@code digits@prod}. */
    public String name() {
        return model + "@" + environment;
    }
}
