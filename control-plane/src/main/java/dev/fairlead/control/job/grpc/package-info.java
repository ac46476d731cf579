/** Jobs over gRPC: the calls of clients, and the agents' streams of work, heartbeats and status. */
@NullMarked
package dev.fairlead.control.job.grpc;

import org.jspecify.annotations.NullMarked;
