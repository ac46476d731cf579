/** The commands on parity reports. */
@NullMarked
package dev.fairlead.cli.parity;

import org.jspecify.annotations.NullMarked;
