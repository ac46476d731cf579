/**
 * MLX's graph to the ONNX-shaped one. A rule lifts one primitive; rules live one family a file, are registered by name and by the
 * number of their arguments, and everything they write is recorded with its origin.
 */
@NullMarked
package dev.fairlead.model.lift.mlx;

import org.jspecify.annotations.NullMarked;
