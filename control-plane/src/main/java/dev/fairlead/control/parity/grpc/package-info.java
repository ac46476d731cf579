/** Parity reports over gRPC. */
@NullMarked
package dev.fairlead.control.parity.grpc;

import org.jspecify.annotations.NullMarked;
