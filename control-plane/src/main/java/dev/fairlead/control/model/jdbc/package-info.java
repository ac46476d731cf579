/** Tables of versions and aliases. */
@NullMarked
package dev.fairlead.control.model.jdbc;

import org.jspecify.annotations.NullMarked;
