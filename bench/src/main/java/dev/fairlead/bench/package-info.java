/** Benchmarks, each a ratio measured side by side: the harness and the command. */
@NullMarked
package dev.fairlead.bench;

import org.jspecify.annotations.NullMarked;
