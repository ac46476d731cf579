/** The outbox table. */
@NullMarked
package dev.fairlead.control.event.jdbc;

import org.jspecify.annotations.NullMarked;
