/** What the stream to the control plane needs besides gRPC: which heartbeat an answer belongs to. */
@NullMarked
package dev.fairlead.agent.session;

import org.jspecify.annotations.NullMarked;
