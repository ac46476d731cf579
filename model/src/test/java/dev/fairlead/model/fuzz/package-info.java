/** Feeds readers with real files that were damaged by a seeded generator. */
@NullMarked
package dev.fairlead.model.fuzz;

import org.jspecify.annotations.NullMarked;
