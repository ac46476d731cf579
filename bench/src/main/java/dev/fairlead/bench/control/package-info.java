/** What a running control plane adds to its database and its disk: the real process, over loopback. */
@NullMarked
package dev.fairlead.bench.control;

import org.jspecify.annotations.NullMarked;
