/** Compares two folders of outputs, judges every output by a policy, and writes the report. */
@NullMarked
package dev.fairlead.parity.compare;

import org.jspecify.annotations.NullMarked;
