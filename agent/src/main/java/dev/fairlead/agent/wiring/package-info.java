/** Puts an agent together from its options and runs it. */
@NullMarked
package dev.fairlead.agent.wiring;

import org.jspecify.annotations.NullMarked;
