/** Promotions and environments in PostgreSQL. */
@NullMarked
package dev.fairlead.control.promotion.jdbc;

import org.jspecify.annotations.NullMarked;
