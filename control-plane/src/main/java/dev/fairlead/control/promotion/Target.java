package dev.fairlead.control.promotion;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.model.ModelFormat;

/**
 * What an alias points at.
 *
 * @param tree what runs for the version
 * @param promotion the promotion that put it there
 */
public record Target(int version, Digest tree, ModelFormat format, String promotion) {}
