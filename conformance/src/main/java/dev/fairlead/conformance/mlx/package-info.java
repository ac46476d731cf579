/** MLX functions, exported and computed by MLX itself, held against what their conversion computes in ONNX Runtime. */
@NullMarked
package dev.fairlead.conformance.mlx;

import org.jspecify.annotations.NullMarked;
