/**
 * Which operation diverged first: weights held to their source's hashes, values of both sides streamed and compared by sketches, operations
 * computed again from what a target captured, and the settings that make a fault vanish.
 */
@NullMarked
package dev.fairlead.parity.locate;

import org.jspecify.annotations.NullMarked;
