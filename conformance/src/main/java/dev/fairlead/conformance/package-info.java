/** Runs the suites that say what the formats' conversions and the interpreter are good for, against tools that are not ours. */
@NullMarked
package dev.fairlead.conformance;

import org.jspecify.annotations.NullMarked;
