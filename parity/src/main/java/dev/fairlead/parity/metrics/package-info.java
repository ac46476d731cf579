/** How far two tensors are apart: every metric in one pass, by a scalar reference and by a vectorised kernel. */
@NullMarked
package dev.fairlead.parity.metrics;

import org.jspecify.annotations.NullMarked;
