package dev.fairlead.control.artifact;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.tx.Transactions;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** Blobs on their way in, within the quota. */
public final class Uploads {
    private final BlobStore blobs;
    private final ArtifactStore store;
    private final Transactions transactions;
    private final InstantSource clock;
    private final long quota;
    /** Sizes of the blobs arriving now, each with its number of writers. */
    private final Map<BlobRef, Integer> arriving = new HashMap<>();

    /** {@code quota} in bytes; 0 for none. */
    public Uploads(BlobStore blobs, ArtifactStore store, Transactions transactions, InstantSource clock, long quota) {
        if (quota < 0) {
            throw new IllegalArgumentException("fairlead.artifacts.quota is negative: " + quota);
        }
        this.blobs = blobs;
        this.store = store;
        this.transactions = transactions;
        this.clock = clock;
        this.quota = quota;
    }

    /** Bytes that may be stored; 0 for any number. */
    public long quota() {
        return quota;
    }

    /**
     * Begins to send a blob, or goes on with it.
     *
     * @throws FairleadException ARTIFACT_QUOTA_EXCEEDED, DISK_FULL, BLOB_SIZE_MISMATCH
     */
    public Session open(BlobRef blob) {
        reserve(blob);
        try {
            return new Session(blob, blobs.upload(blob));
        } catch (RuntimeException e) {
            release(blob);
            throw e;
        }
    }

    private synchronized void reserve(BlobRef blob) {
        if (quota > 0
                && !arriving.containsKey(blob)
                && blobs.size(blob.digest()).isEmpty()) {
            long stored = store.storedBytes();
            long coming = arriving.keySet().stream().mapToLong(BlobRef::size).sum();
            // Compared by subtraction: sizes come from outside and their sum could overflow.
            if (blob.size() > quota - stored - coming) {
                throw new FairleadException(
                        ErrorCode.ARTIFACT_QUOTA_EXCEEDED,
                        "blob.size",
                        "the artifact quota is " + quota + " bytes: " + stored + " are stored, " + coming
                                + " are arriving, and " + blob.digest() + " needs " + blob.size() + " more");
            }
        }
        arriving.merge(blob, 1, Integer::sum);
    }

    private synchronized void release(BlobRef blob) {
        arriving.computeIfPresent(blob, (_, writers) -> writers == 1 ? null : writers - 1);
    }

    /** One writer's upload. Not for several threads at once. */
    public final class Session implements AutoCloseable {
        private final BlobRef blob;
        private final BlobStore.Upload upload;
        private boolean closed;

        private Session(BlobRef blob, BlobStore.Upload upload) {
            this.blob = blob;
            this.upload = upload;
        }

        public void append(long offset, ByteBuffer data) {
            upload.append(offset, data);
        }

        public long received() {
            return upload.received();
        }

        /** Makes what has arrived durable; true when the blob is complete and on the account. */
        public boolean finish() {
            if (!upload.settle()) {
                return false;
            }
            // The lock is taken before the blob gets its name: garbage collection removes row and file under the same
            // one.
            transactions.run(() -> {
                store.lockBlob(blob.digest());
                upload.publish();
                store.blobStored(blob, clock.instant());
            });
            return true;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                try {
                    upload.close();
                } finally {
                    release(blob);
                }
            }
        }
    }
}
