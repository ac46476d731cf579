/** Reads GGUF files: tensors, those of block formats decoded, and their metadata. Nothing is written. */
@NullMarked
package dev.fairlead.model.gguf;

import org.jspecify.annotations.NullMarked;
