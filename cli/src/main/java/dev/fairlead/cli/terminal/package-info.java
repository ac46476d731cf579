/** Writing for people: tables, sizes and durations, progress bars on a terminal and plain lines elsewhere. */
@NullMarked
package dev.fairlead.cli.terminal;

import org.jspecify.annotations.NullMarked;
