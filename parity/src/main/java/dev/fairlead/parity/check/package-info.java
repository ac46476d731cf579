/**
 * Judges a conversion offline: both models run in the float64 interpreter on the same inputs, given or generated, and their outputs are
 * compared. What a machine makes of either is not judged here.
 */
@NullMarked
package dev.fairlead.parity.check;

import org.jspecify.annotations.NullMarked;
