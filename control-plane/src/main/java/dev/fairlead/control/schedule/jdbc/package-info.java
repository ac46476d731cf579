/** The lead among control planes, held in PostgreSQL. */
@NullMarked
package dev.fairlead.control.schedule.jdbc;

import org.jspecify.annotations.NullMarked;
