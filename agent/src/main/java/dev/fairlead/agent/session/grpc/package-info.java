/** The agent's one stream to the control plane. */
@NullMarked
package dev.fairlead.agent.session.grpc;

import org.jspecify.annotations.NullMarked;
