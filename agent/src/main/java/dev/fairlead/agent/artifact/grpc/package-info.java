/** The artifact store of the control plane, reached over gRPC; uploads and downloads go on where they were cut. */
@NullMarked
package dev.fairlead.agent.artifact.grpc;

import org.jspecify.annotations.NullMarked;
