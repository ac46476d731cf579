/** Quantised weights taken from one packing to another without changing a value, and small floats decoded. */
@NullMarked
package dev.fairlead.model.quantised;

import org.jspecify.annotations.NullMarked;
