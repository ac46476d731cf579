/** Tensors as typed, shaped views of little-endian, row-major memory that may be a mapped file. */
@NullMarked
package dev.fairlead.model.tensor;

import org.jspecify.annotations.NullMarked;
