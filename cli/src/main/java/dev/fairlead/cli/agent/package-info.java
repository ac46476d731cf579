/** The commands on agents, and the check of the local machine. */
@NullMarked
package dev.fairlead.cli.agent;

import org.jspecify.annotations.NullMarked;
