/** Turns failures into gRPC statuses with an {@code ErrorDetail} trailer; nothing internal reaches a client. */
@NullMarked
package dev.fairlead.control.error.grpc;

import org.jspecify.annotations.NullMarked;
