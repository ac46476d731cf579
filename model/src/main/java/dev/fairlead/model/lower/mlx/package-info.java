/**
 * Lowers the ONNX-shaped graph to MLX primitives: one rule an operator, decomposed into what {@code graph.json} can carry. What has
 * no exact counterpart is refused by name.
 */
@NullMarked
package dev.fairlead.model.lower.mlx;

import org.jspecify.annotations.NullMarked;
