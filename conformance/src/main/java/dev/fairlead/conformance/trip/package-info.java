/** Models that are converted to another format and back, and must mean the same in float64. */
@NullMarked
package dev.fairlead.conformance.trip;

import org.jspecify.annotations.NullMarked;
