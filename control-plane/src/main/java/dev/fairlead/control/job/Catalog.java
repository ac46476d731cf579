package dev.fairlead.control.job;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.model.ModelFormat;
import java.util.Optional;

/** What jobs need to know of models and artifacts. */
public interface Catalog {
    /** What a reference stands for now; a failure names {@code field}. */
    Found resolve(String ref, String field);

    /** Bytes of a tree; empty where it is not committed. */
    Optional<Long> bytes(Digest tree);

    /** Registers outputs of a job that succeeded as versions of their models, in the current transaction. */
    void register(Job job);

    /**
     * A tree that exists.
     *
     * @param format how it is laid out, where it is a model's
     */
    record Found(Digest tree, Optional<ModelFormat> format) {}
}
