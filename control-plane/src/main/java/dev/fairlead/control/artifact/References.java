package dev.fairlead.control.artifact;

import java.util.Set;

/** What keeps trees alive. Each feature that remembers tree digests has one; garbage collection asks them all. */
public interface References {
    Set<Digest> referencedTrees();
}
