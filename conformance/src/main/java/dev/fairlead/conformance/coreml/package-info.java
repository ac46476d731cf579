/** Suites that convert to Core ML and back. */
@NullMarked
package dev.fairlead.conformance.coreml;

import org.jspecify.annotations.NullMarked;
