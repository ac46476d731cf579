/** A control plane and its two local agents as child processes of the command line. */
@NullMarked
package dev.fairlead.cli.local;

import org.jspecify.annotations.NullMarked;
