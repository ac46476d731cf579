/** The Artifacts service: chunks in and out, trees, garbage collection. */
@NullMarked
package dev.fairlead.control.artifact.grpc;

import org.jspecify.annotations.NullMarked;
