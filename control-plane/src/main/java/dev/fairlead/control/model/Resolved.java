package dev.fairlead.control.model;

import dev.fairlead.control.artifact.Digest;
import java.util.Optional;

/**
 * What a reference stands for now.
 *
 * @param tree the tree to stage: the model, its golden inputs, or whatever the digest names
 * @param format of the tree; empty for golden inputs and for a tree that is no registered model
 * @param version the version it belongs to; empty for a tree that is no registered model
 */
public record Resolved(Digest tree, Optional<ModelFormat> format, Optional<ModelVersion> version) {}
