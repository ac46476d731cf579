package dev.fairlead.control.artifact;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The account of blobs and trees. Every method takes part in the current transaction. */
public interface ArtifactStore {
    /** Notes that a blob is stored, or that somebody relies on it again. */
    void blobStored(BlobRef blob, Instant now);

    /**
     * Of these blobs those on the account, with their sizes; each is kept from garbage collection for another grace. Their
     * rows stay locked until the transaction ends.
     */
    Map<Digest, Long> touchBlobs(Collection<Digest> digests, Instant now);

    /** False where the tree was there already; it then counts as committed anew for garbage collection. */
    boolean insertTree(Tree tree);

    Optional<Tree> findTree(Digest digest);

    /** False where there is no such tree; else it is kept from garbage collection for another grace. */
    boolean touchTree(Digest digest, Instant now);

    /** Newest first. */
    List<TreeSummary> newestTrees(int limit);

    /** Bytes of all blobs on the account. */
    long storedBytes();

    /** Trees that nobody touched since {@code cutoff}. */
    Set<Digest> idleTrees(Instant cutoff);

    /**
     * Of these trees those that still nobody touched since {@code cutoff}. Waits for whoever is about to; whoever comes later
     * waits until the transaction ends.
     */
    Set<Digest> lockIdleTrees(Set<Digest> trees, Instant cutoff);

    void deleteTrees(Set<Digest> trees);

    /** Blobs that no tree holds beside {@code withoutTrees}, untouched since {@code cutoff}. */
    List<BlobRef> idleBlobs(Set<Digest> withoutTrees, Instant cutoff);

    /** False where a tree holds the blob by now or somebody touched it since {@code cutoff}. */
    boolean deleteBlob(Digest digest, Instant cutoff);

    /** Of these digests those on the account. */
    Set<Digest> knownBlobs(Collection<Digest> digests);

    /** Keeps others from completing or deleting this blob until the transaction ends. */
    void lockBlob(Digest digest);
}
