/** Jobs in PostgreSQL. */
@NullMarked
package dev.fairlead.control.job.jdbc;

import org.jspecify.annotations.NullMarked;
