/** The MLX graph interchange, {@code graph.json}: MLX's own primitives as they were traced. */
@NullMarked
package dev.fairlead.model.mlx;

import org.jspecify.annotations.NullMarked;
