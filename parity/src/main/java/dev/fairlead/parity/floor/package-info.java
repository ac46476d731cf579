/** What rounding alone does to a model's outputs: the noise that a machine's error is measured in. */
@NullMarked
package dev.fairlead.parity.floor;

import org.jspecify.annotations.NullMarked;
