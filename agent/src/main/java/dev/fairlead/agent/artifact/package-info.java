/** Trees of blobs on the agent's side: checking them, keeping them in a cache of limited size, staging them for an attempt and reading what it left. */
@NullMarked
package dev.fairlead.agent.artifact;

import org.jspecify.annotations.NullMarked;
