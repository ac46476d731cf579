/** Promotions and environments over gRPC. */
@NullMarked
package dev.fairlead.control.promotion.grpc;

import org.jspecify.annotations.NullMarked;
