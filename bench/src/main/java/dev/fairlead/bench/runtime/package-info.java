/** What the agents' runtime interface adds to the library beneath it. */
@NullMarked
package dev.fairlead.bench.runtime;

import org.jspecify.annotations.NullMarked;
