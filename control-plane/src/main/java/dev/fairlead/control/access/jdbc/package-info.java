/** The table of hashed tokens. */
@NullMarked
package dev.fairlead.control.access.jdbc;

import org.jspecify.annotations.NullMarked;
