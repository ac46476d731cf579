package dev.fairlead.control.artifact.folder;

import dev.fairlead.control.artifact.BlobRef;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.artifact.Manifest;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A blob while it arrives. It is hashed as it is written; only an upload that goes on after everybody had left reads back what
 * was there. Appends are idempotent: bytes that have arrived already are skipped, so that writers of the same blob help each
 * other instead of waiting.
 */
final class PartialBlob {
    private static final int READ_BACK = 1 << 20;

    private final BlobRef blob;
    private final Path file;
    private final Path shelves;
    private final Path shelf;
    private final Path target;
    private final FolderBlobStore.FreeSpace space;
    /** Held while disk is touched; virtual threads may block under it. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable FileChannel channel;
    private MessageDigest sha256 = Manifest.sha256();
    private volatile long received;
    /** All bytes are on disk and have the right hash. */
    private boolean settled;

    private boolean complete;
    /** Guarded by the store. */
    private int participants;

    /** {@code shelves} is the folder of the folders that complete blobs are in. */
    PartialBlob(BlobRef blob, Path file, Path shelves, FolderBlobStore.FreeSpace space) {
        this.blob = blob;
        this.file = file;
        this.shelves = shelves;
        this.shelf = FolderBlobStore.shelf(shelves, blob.digest());
        this.target = FolderBlobStore.file(shelves, blob.digest());
        this.space = space;
        try {
            // What is on disk counts before it is read back, so that nobody is told to send it again.
            this.received = Files.exists(target) ? blob.size() : Files.exists(file) ? Files.size(file) : 0;
            this.complete = Files.exists(target);
        } catch (IOException e) {
            throw failed("cannot be looked at", e);
        }
    }

    Digest digest() {
        return blob.digest();
    }

    long size() {
        return blob.size();
    }

    long received() {
        return received;
    }

    void join() {
        participants++;
    }

    /** True when the last one left; the file is closed and stays. */
    boolean leave() {
        participants--;
        if (participants > 0) {
            return false;
        }
        lock.lock();
        try {
            closeChannel();
        } catch (IOException e) {
            throw failed("cannot be closed", e);
        } finally {
            lock.unlock();
        }
        return true;
    }

    void append(long offset, ByteBuffer data) {
        lock.lock();
        try {
            long end = Math.addExact(offset, data.remaining());
            if (offset < 0 || end > blob.size()) {
                throw new FairleadException(
                        ErrorCode.BLOB_SIZE_MISMATCH,
                        "data",
                        "bytes up to " + end + " were sent for a blob of " + blob.size() + " bytes");
            }
            if (complete) {
                return;
            }
            FileChannel out = opened();
            if (offset > received) {
                throw new FairleadException(
                        ErrorCode.UPLOAD_OFFSET_MISMATCH,
                        "offset",
                        "offset is " + offset + " and " + received + " bytes have arrived: send from there");
            }
            if (end > received) {
                ByteBuffer fresh = data.duplicate();
                fresh.position(fresh.position() + Math.toIntExact(received - offset));
                sha256.update(fresh.duplicate());
                write(out, fresh);
                received = end;
            }
        } catch (IOException e) {
            throw failed("cannot be written", e);
        } finally {
            lock.unlock();
        }
    }

    boolean settle() {
        lock.lock();
        try {
            if (complete || settled) {
                return true;
            }
            FileChannel out = opened();
            if (received < blob.size()) {
                out.force(false);
                return false;
            }
            String hex = HexFormat.of().formatHex(sha256.digest());
            if (!hex.equals(blob.digest().hex())) {
                drop();
                throw new FairleadException(
                        ErrorCode.BLOB_CORRUPT,
                        "blob.digest",
                        "the bytes sent for " + blob.digest() + " have the digest sha256:" + hex
                                + "; they were dropped");
            }
            out.force(false);
            settled = true;
            return true;
        } catch (IOException e) {
            throw failed("cannot be made durable", e);
        } finally {
            lock.unlock();
        }
    }

    void publish() {
        lock.lock();
        try {
            if (complete && Files.exists(target)) {
                return;
            }
            if (complete) {
                // It was whole when this upload began and has been garbage-collected since.
                complete = false;
                received = 0;
                throw new FairleadException(
                        ErrorCode.LOST_RACE,
                        "blob.digest",
                        "blob " + blob.digest() + " was just removed; send it again");
            }
            if (!settled) {
                throw new IllegalStateException("blob " + blob.digest() + " is published before it is settled");
            }
            closeChannel();
            moveInPlace();
            complete = true;
        } catch (IOException e) {
            throw failed("cannot be put in place", e);
        } finally {
            lock.unlock();
        }
    }

    static FairleadException diskFull(BlobRef blob, long needed, long free) {
        return new FairleadException(
                ErrorCode.DISK_FULL,
                "blob.size",
                "the disk of the artifact store is full: " + blob.digest() + " needs " + needed + " bytes more and "
                        + free + " are free");
    }

    private FileChannel opened() throws IOException {
        FileChannel opened = channel;
        if (opened != null) {
            return opened;
        }
        opened = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (opened.size() > blob.size()) {
                // Left by an upload that announced another size for the same digest: one of the two lied.
                opened.truncate(0);
            }
            sha256 = Manifest.sha256();
            ByteBuffer buffer = ByteBuffer.allocate(READ_BACK);
            long read = 0;
            while (opened.read(buffer) >= 0) {
                buffer.flip();
                read += buffer.remaining();
                sha256.update(buffer);
                buffer.clear();
            }
            received = read;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        channel = opened;
        return opened;
    }

    private void write(FileChannel out, ByteBuffer data) throws IOException {
        try {
            while (data.hasRemaining()) {
                out.write(data);
            }
        } catch (IOException e) {
            // The hash has run ahead of the file: close, so that the next append reads back what really is there.
            closeChannel();
            received = Files.size(file);
            long free = space.bytes();
            if (free < data.remaining() || String.valueOf(e.getMessage()).contains("No space left")) {
                throw diskFull(blob, blob.size() - received, free);
            }
            throw e;
        }
    }

    private void moveInPlace() throws IOException {
        boolean fresh = !Files.isDirectory(shelf);
        Files.createDirectories(shelf);
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        force(shelf);
        if (fresh) {
            force(shelves);
        }
    }

    private void drop() throws IOException {
        closeChannel();
        Files.deleteIfExists(file);
        received = 0;
    }

    private void closeChannel() throws IOException {
        FileChannel opened = channel;
        channel = null;
        if (opened != null) {
            opened.close();
        }
    }

    /** A rename is durable once its folder is. */
    private static void force(Path folder) throws IOException {
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    private UncheckedIOException failed(String what, IOException e) {
        return new UncheckedIOException("blob " + blob.digest() + " " + what, e);
    }
}
