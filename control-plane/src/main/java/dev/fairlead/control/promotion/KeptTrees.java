package dev.fairlead.control.promotion;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.artifact.References;
import jakarta.inject.Singleton;
import java.util.Set;

/** Keeps the trees of promotions from garbage collection. */
@Singleton
final class KeptTrees implements References {
    private final PromotionStore store;

    KeptTrees(PromotionStore store) {
        this.store = store;
    }

    @Override
    public Set<Digest> referencedTrees() {
        return store.referencedTrees();
    }
}
