/** The Models service. */
@NullMarked
package dev.fairlead.control.model.grpc;

import org.jspecify.annotations.NullMarked;
