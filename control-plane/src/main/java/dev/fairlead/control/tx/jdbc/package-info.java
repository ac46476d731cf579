/** Transactions over a Jdbi handle bound to the thread. */
@NullMarked
package dev.fairlead.control.tx.jdbc;

import org.jspecify.annotations.NullMarked;
