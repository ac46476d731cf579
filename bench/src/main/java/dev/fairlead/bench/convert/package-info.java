/** Conversions of models whose weights are most of their work. */
@NullMarked
package dev.fairlead.bench.convert;

import org.jspecify.annotations.NullMarked;
