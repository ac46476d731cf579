package dev.fairlead.control.promotion;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.model.ModelFormat;
import java.util.Optional;

/** What an alias points at: a version, the tree that runs for it, and the promotion that put it there. */
public record Target(int version, Digest tree, ModelFormat format, Optional<String> promotion) {}
