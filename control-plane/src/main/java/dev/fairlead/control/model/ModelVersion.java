package dev.fairlead.control.model;

import dev.fairlead.control.artifact.Digest;
import java.time.Instant;
import java.util.Optional;

/**
 * A registered tree.
 *
 * @param version 1, 2, …
 * @param suite the tree of golden inputs, where there are any
 * @param jobId the job that made it; empty for a pushed model
 */
public record ModelVersion(
        ModelName model,
        int version,
        Digest tree,
        ModelFormat format,
        Optional<Digest> suite,
        Optional<String> jobId,
        Instant createdAt) {
    public ModelVersion {
        if (version < 1) {
            throw new IllegalArgumentException("version of " + model + " is " + version);
        }
    }
}
