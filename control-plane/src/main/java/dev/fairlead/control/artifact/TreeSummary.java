package dev.fairlead.control.artifact;

import java.time.Instant;

/** A tree without its files. */
public record TreeSummary(Digest digest, long totalBytes, Instant committedAt) {}
