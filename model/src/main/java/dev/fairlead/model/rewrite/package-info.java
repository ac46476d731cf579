/**
 * Passes from a graph to a graph: shapes, constants, dead code, operator versions. A pass keeps names, metadata and order of what it does not
 * touch, and the same input gives the same output.
 */
@NullMarked
package dev.fairlead.model.rewrite;

import org.jspecify.annotations.NullMarked;
