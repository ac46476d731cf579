/** When to try again: growing waits with jitter. */
@NullMarked
package dev.fairlead.agent.retry;

import org.jspecify.annotations.NullMarked;
