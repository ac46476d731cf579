/** Enrolment with a join token, over gRPC. */
@NullMarked
package dev.fairlead.agent.identity.grpc;

import org.jspecify.annotations.NullMarked;
