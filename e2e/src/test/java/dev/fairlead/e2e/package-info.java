/**
 * Fairlead as its users meet it: real processes, a real database, and the faults that real machines have. A test starts a
 * {@link dev.fairlead.e2e.Cluster}, breaks something in it, and looks at what the gRPC services and the database say.
 */
@NullMarked
package dev.fairlead.e2e;

import org.jspecify.annotations.NullMarked;
