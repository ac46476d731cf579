/** Comparing two sets of outputs and judging them. */
@NullMarked
package dev.fairlead.parity;

import org.jspecify.annotations.NullMarked;
