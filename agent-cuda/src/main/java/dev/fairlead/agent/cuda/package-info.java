/** The agent for NVIDIA nodes. */
@NullMarked
package dev.fairlead.agent.cuda;

import org.jspecify.annotations.NullMarked;
