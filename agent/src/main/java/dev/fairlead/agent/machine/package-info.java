/** What the machine really is: its devices, runtimes and memory, as measured and never as hoped for. */
@NullMarked
package dev.fairlead.agent.machine;

import org.jspecify.annotations.NullMarked;
