package dev.fairlead.control.artifact;

import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Where the bytes are. Knows nothing of trees; {@link Artifacts} keeps the account. */
public interface BlobStore {
    /** Bytes of a complete blob; empty where it is not here. */
    OptionalLong size(Digest digest);

    /** Bytes of an unfinished upload that have arrived. */
    long received(Digest digest);

    /** Takes part in the upload of a blob; several may at once. */
    Upload upload(BlobRef blob);

    /** A complete blob for reading; the caller closes it. Empty where it is not here. */
    Optional<SeekableByteChannel> read(Digest digest);

    /** Removes a complete blob; nothing where there is none. */
    void delete(Digest digest);

    /** Every complete blob and when it became complete. */
    void forEach(Consumer<Stored> visitor);

    /** Removes unfinished uploads that nobody takes part in and that have not grown since {@code cutoff}. */
    Removed dropStalePartials(Instant cutoff, Mode mode);

    /** A blob at rest. */
    record Stored(BlobRef blob, Instant since) {}

    /** What a sweep removed, or would. */
    record Removed(long count, long bytes) {
        public Removed plus(Removed other) {
            return new Removed(count + other.count, bytes + other.bytes);
        }
    }

    /** Whether a sweep removes or only counts. */
    enum Mode {
        DRY_RUN,
        REMOVE
    }

    /** One participant's part in an upload. */
    interface Upload extends AutoCloseable {
        /**
         * Bytes of the blob from {@code offset} on. What has arrived before is skipped, so several may send the same.
         *
         * @throws dev.fairlead.control.error.FairleadException UPLOAD_OFFSET_MISMATCH beyond a gap, BLOB_SIZE_MISMATCH
         *     beyond the announced size, DISK_FULL
         */
        void append(long offset, ByteBuffer data);

        /** Bytes that have arrived, by all participants. */
        long received();

        /**
         * Makes what has arrived durable and, when all has, checks the hash.
         *
         * @return true when all has arrived and the hash is right: {@link #publish} may follow
         * @throws dev.fairlead.control.error.FairleadException BLOB_CORRUPT when the hash is wrong; the bytes are dropped
         */
        boolean settle();

        /** Puts the settled blob in place, in one step. */
        void publish();

        /** Leaves; what has arrived stays for the next participant. */
        @Override
        void close();
    }
}
