/** MLX, reached through the package fairlead in a child process. */
@NullMarked
package dev.fairlead.agent.mac.mlx;

import org.jspecify.annotations.NullMarked;
