/** Suites of models that are lowered to MLX' graph interchange and computed by MLX itself. */
@NullMarked
package dev.fairlead.conformance.replay;

import org.jspecify.annotations.NullMarked;
