/** Findings in PostgreSQL. */
@NullMarked
package dev.fairlead.control.parity.jdbc;

import org.jspecify.annotations.NullMarked;
