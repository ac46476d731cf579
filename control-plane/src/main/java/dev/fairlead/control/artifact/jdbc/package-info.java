/** Tables of blobs and trees. */
@NullMarked
package dev.fairlead.control.artifact.jdbc;

import org.jspecify.annotations.NullMarked;
