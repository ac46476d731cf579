/** One attempt of a job from its assignment to its acknowledged end: staging, running under limits, committing, and being adopted after a restart. */
@NullMarked
package dev.fairlead.agent.attempt;

import org.jspecify.annotations.NullMarked;
