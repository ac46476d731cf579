package dev.fairlead.control.artifact;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.tx.Transactions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Trees of blobs: what is missing, committing in one step, finding. */
public final class Artifacts {
    private final BlobStore blobs;
    private final ArtifactStore store;
    private final Transactions transactions;
    private final FenceCheck fences;
    private final InstantSource clock;

    public Artifacts(
            BlobStore blobs, ArtifactStore store, Transactions transactions, FenceCheck fences, InstantSource clock) {
        this.blobs = blobs;
        this.store = store;
        this.transactions = transactions;
        this.fences = fences;
        this.clock = clock;
    }

    /** A blob that is not here, and how much of it is. */
    public record Missing(Digest digest, long received) {}

    /** Of these blobs those that are not here. The others are kept from garbage collection for a grace. */
    public List<Missing> missing(List<BlobRef> wanted) {
        Set<Digest> digests = wanted.stream().map(BlobRef::digest).collect(Collectors.toCollection(LinkedHashSet::new));
        Map<Digest, Long> known = transactions.call(() -> store.touchBlobs(digests, clock.instant()));
        List<Missing> missing = new ArrayList<>();
        for (Digest digest : digests) {
            if (!known.containsKey(digest) || blobs.size(digest).isEmpty()) {
                missing.add(new Missing(digest, blobs.received(digest)));
            }
        }
        return missing;
    }

    /**
     * Makes a tree visible; the same tree again is the same tree. The fence, where there is one, is checked in the same
     * transaction.
     *
     * @param fence of the attempt whose output this is, or null
     * @param expected the digest the caller computed, or null
     * @throws FairleadException TREE_PATH_INVALID, BLOBS_MISSING, BLOB_SIZE_MISMATCH, TREE_DIGEST_MISMATCH, STALE_FENCE
     */
    public Tree commit(List<TreeFile> files, @Nullable AttemptFence fence, @Nullable Digest expected) {
        TreePaths.check(files.stream().map(TreeFile::path).toList());
        Digest digest = Manifest.digest(files);
        if (expected != null && !expected.equals(digest)) {
            throw new FairleadException(
                    ErrorCode.TREE_DIGEST_MISMATCH,
                    "digest",
                    "digest is " + expected + " and the files give " + digest);
        }
        return transactions.call(() -> {
            if (fence != null) {
                fences.require(fence.attemptId(), fence.number());
            }
            requireBlobs(files);
            store.insertTree(new Tree(digest, Manifest.sorted(files), clock.instant()));
            return store.findTree(digest).orElseThrow();
        });
    }

    public Optional<Tree> find(Digest digest) {
        return store.findTree(digest);
    }

    /**
     * A committed tree.
     *
     * @throws FairleadException TREE_NOT_FOUND
     */
    public Tree get(Digest digest) {
        return store.findTree(digest).orElseThrow(() -> notFound(digest, "digest"));
    }

    /**
     * For whoever is about to remember a tree, in the transaction that remembers it: from then on its {@link References} keep
     * the tree, and until then this does.
     *
     * @throws FairleadException TREE_NOT_FOUND, naming {@code field}
     */
    public void require(Digest digest, String field) {
        if (!store.touchTree(digest, clock.instant())) {
            throw notFound(digest, field);
        }
    }

    /** Newest first. */
    public List<TreeSummary> newest(int limit) {
        return store.newestTrees(limit);
    }

    public long storedBytes() {
        return store.storedBytes();
    }

    private void requireBlobs(List<TreeFile> files) {
        Set<Digest> digests = files.stream().map(TreeFile::digest).collect(Collectors.toSet());
        Map<Digest, Long> known = store.touchBlobs(digests, clock.instant());
        long missing =
                digests.stream().filter(digest -> !known.containsKey(digest)).count();
        for (int i = 0; i < files.size(); i++) {
            TreeFile file = files.get(i);
            Long size = known.get(file.digest());
            OptionalLong onDisk = size == null ? OptionalLong.empty() : blobs.size(file.digest());
            if (size == null || onDisk.isEmpty()) {
                String field = "files[" + i + "].blob.digest";
                throw new FairleadException(
                        ErrorCode.BLOBS_MISSING,
                        field,
                        field + ": the store lacks " + file.digest() + " ('" + file.path() + "'), "
                                + Math.max(1, missing) + " of " + digests.size() + " blobs in all");
            }
            if (size != file.size()) {
                String field = "files[" + i + "].blob.size";
                throw new FairleadException(
                        ErrorCode.BLOB_SIZE_MISMATCH,
                        field,
                        field + " is " + file.size() + " and blob " + file.digest() + " has " + size + " bytes");
            }
        }
    }

    private static FairleadException notFound(Digest digest, String field) {
        return new FairleadException(ErrorCode.TREE_NOT_FOUND, field, "no tree " + digest + " has been committed");
    }
}
