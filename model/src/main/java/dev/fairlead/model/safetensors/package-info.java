/** The safetensors format: a length, a JSON header, then the tensors' bytes back to back. */
@NullMarked
package dev.fairlead.model.safetensors;

import org.jspecify.annotations.NullMarked;
