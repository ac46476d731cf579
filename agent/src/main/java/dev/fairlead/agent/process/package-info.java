/** Child processes that outlive the agent: each in its own process group, under a small shell supervisor that leaves its exit status on disk. */
@NullMarked
package dev.fairlead.agent.process;

import org.jspecify.annotations.NullMarked;
