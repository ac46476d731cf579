/** Credentials of a call become a caller; the Access service. */
@NullMarked
package dev.fairlead.control.access.grpc;

import org.jspecify.annotations.NullMarked;
