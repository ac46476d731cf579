package dev.fairlead.control.artifact;

import dev.fairlead.control.artifact.BlobStore.Mode;
import dev.fairlead.control.artifact.BlobStore.Removed;
import dev.fairlead.control.tx.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Removes trees that nothing refers to and blobs that no tree holds, unless somebody touched them within the grace.
 *
 * <p>Whoever relies on a tree or blob touches its row in the transaction that relies on it. A removal locks the row, which
 * waits for that transaction, and looks again before it deletes.
 */
public final class GarbageCollector {
    private final BlobStore blobs;
    private final ArtifactStore store;
    private final Transactions transactions;
    private final List<References> references;
    private final InstantSource clock;
    private final Duration grace;

    public GarbageCollector(
            BlobStore blobs,
            ArtifactStore store,
            Transactions transactions,
            List<References> references,
            InstantSource clock,
            Duration grace) {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("fairlead.artifacts.grace is negative: " + grace);
        }
        this.blobs = blobs;
        this.store = store;
        this.transactions = transactions;
        this.references = List.copyOf(references);
        this.clock = clock;
        this.grace = grace;
    }

    /** What was removed, or would be: blobs and unfinished uploads. */
    public Removed collect(Mode mode) {
        Instant cutoff = clock.instant().minus(grace);
        Set<Digest> trees = new HashSet<>(store.idleTrees(cutoff));
        references.forEach(reference -> trees.removeAll(reference.referencedTrees()));
        if (mode == Mode.REMOVE) {
            transactions.run(() -> {
                // Asked again under the locks: whoever touched a tree in the meantime has committed its reference by
                // now.
                Set<Digest> locked = new HashSet<>(store.lockIdleTrees(trees, cutoff));
                references.forEach(reference -> locked.removeAll(reference.referencedTrees()));
                store.deleteTrees(locked);
            });
        }
        Removed removed = new Removed(0, 0);
        for (BlobRef blob : store.idleBlobs(mode == Mode.DRY_RUN ? trees : Set.of(), cutoff)) {
            if (mode == Mode.DRY_RUN || remove(blob.digest(), cutoff)) {
                removed = removed.plus(new Removed(1, blob.size()));
            }
        }
        return removed.plus(orphans(cutoff, mode)).plus(blobs.dropStalePartials(cutoff, mode));
    }

    private boolean remove(Digest digest, Instant cutoff) {
        return transactions.call(() -> {
            store.lockBlob(digest);
            if (!store.deleteBlob(digest, cutoff)) {
                return false;
            }
            // Before the commit: a crash in between leaves a row without a file, which every reader takes for missing.
            blobs.delete(digest);
            return true;
        });
    }

    /** Files that are on no account: a process died between storing one and noting it. */
    private Removed orphans(Instant cutoff, Mode mode) {
        List<BlobRef> old = new ArrayList<>();
        blobs.forEach(stored -> {
            if (stored.since().isBefore(cutoff)) {
                old.add(stored.blob());
            }
        });
        Set<Digest> known = store.knownBlobs(old.stream().map(BlobRef::digest).toList());
        old.removeIf(blob -> known.contains(blob.digest()));
        Removed removed = new Removed(0, 0);
        for (BlobRef blob : old) {
            boolean orphan = transactions.call(() -> {
                store.lockBlob(blob.digest());
                boolean unknown = store.knownBlobs(List.of(blob.digest())).isEmpty();
                if (unknown && mode == Mode.REMOVE) {
                    blobs.delete(blob.digest());
                }
                return unknown;
            });
            if (orphan) {
                removed = removed.plus(new Removed(1, blob.size()));
            }
        }
        return removed;
    }
}
