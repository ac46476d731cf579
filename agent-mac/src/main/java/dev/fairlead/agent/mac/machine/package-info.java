/** What macOS says of the machine, read from the output of its own programs. */
@NullMarked
package dev.fairlead.agent.mac.machine;

import org.jspecify.annotations.NullMarked;
