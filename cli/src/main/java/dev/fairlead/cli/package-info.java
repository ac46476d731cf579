/** The command line. */
@NullMarked
package dev.fairlead.cli;

import org.jspecify.annotations.NullMarked;
