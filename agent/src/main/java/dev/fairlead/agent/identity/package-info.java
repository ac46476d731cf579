/** The agent's key pair and the short-lived tokens signed with it. */
@NullMarked
package dev.fairlead.agent.identity;

import org.jspecify.annotations.NullMarked;
