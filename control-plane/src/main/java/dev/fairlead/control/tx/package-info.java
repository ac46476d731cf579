/** Transactions as the features see them: nested calls join, and work can wait for the commit. */
@NullMarked
package dev.fairlead.control.tx;

import org.jspecify.annotations.NullMarked;
