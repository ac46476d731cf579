/** The fleet in PostgreSQL. */
@NullMarked
package dev.fairlead.control.agent.jdbc;

import org.jspecify.annotations.NullMarked;
