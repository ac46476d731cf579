/** The fleet over gRPC. */
@NullMarked
package dev.fairlead.control.agent.grpc;

import org.jspecify.annotations.NullMarked;
