/** Benchmarks, each a ratio measured side by side. */
@NullMarked
package dev.fairlead.bench;

import org.jspecify.annotations.NullMarked;
