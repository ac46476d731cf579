/**
 * A plain interpreter of the graph in float64 with exact integers: the arbiter of parity and the oracle of conversion. One readable
 * kernel an operator, written after ONNX' own operator pages, for trust and not for speed.
 */
@NullMarked
package dev.fairlead.model.interpret;

import org.jspecify.annotations.NullMarked;
