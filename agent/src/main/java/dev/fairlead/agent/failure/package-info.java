/** Why the agent could not do something: a stable code and one sentence with numbers, as the control plane shows it. */
@NullMarked
package dev.fairlead.agent.failure;

import org.jspecify.annotations.NullMarked;
