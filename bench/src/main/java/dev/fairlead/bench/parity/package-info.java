/** What a comparison costs. */
@NullMarked
package dev.fairlead.bench.parity;

import org.jspecify.annotations.NullMarked;
