/** The scheduler's plans over gRPC. */
@NullMarked
package dev.fairlead.control.schedule.grpc;

import org.jspecify.annotations.NullMarked;
