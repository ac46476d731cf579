/** The agent for Apple machines. */
@NullMarked
package dev.fairlead.agent.mac;

import org.jspecify.annotations.NullMarked;
