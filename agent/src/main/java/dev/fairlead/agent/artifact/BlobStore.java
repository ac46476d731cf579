package dev.fairlead.agent.artifact;

import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.machine.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;

/**
 * Verified blobs on disk. A blob is written beside its place, checked, made read-only and moved in, in one step.
 *
 * <p>Staged files are hard links to these, and a process that runs as root could write through one. Each blob
 * therefore carries a fixed modification time: one that has another is not trusted and is fetched again.
 */
final class BlobStore {
    private static final FileTime UNTOUCHED = FileTime.from(Instant.parse("2000-01-01T00:00:00Z"));
    private static final int BUFFER = 1 << 20;

    private final Path blobs;
    private final Path partial;

    BlobStore(Path folder) throws IOException {
        this.blobs = Files.createDirectories(folder.resolve("blobs"));
        this.partial = Files.createDirectories(folder.resolve("partial"));
    }

    Path path(Digest digest) {
        return blobs.resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
    }

    /** Whether the blob is here, with its size, and nobody has written to it. */
    boolean has(TreeFile file) throws IOException {
        Path path = path(file.digest());
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        var attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isRegularFile()
                && attributes.size() == file.size()
                && attributes.lastModifiedTime().equals(UNTOUCHED)) {
            return true;
        }
        Files.delete(path);
        return false;
    }

    /** Fetches a blob, going on after the bytes that an earlier try left. */
    void fetch(TreeFile file, Artifacts artifacts) throws IOException {
        Path target = partial.resolve(file.digest().hex());
        var hash = Digest.sha256();
        long there = 0;
        try (var channel = FileChannel.open(
                target,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS)) {
            if (channel.size() > file.size()) {
                channel.truncate(0);
            }
            var buffer = ByteBuffer.allocate(BUFFER);
            while (channel.read(buffer) >= 0) {
                there += buffer.position();
                hash.update(buffer.flip());
                buffer.clear();
            }
            long[] received = {there};
            if (there < file.size()) {
                artifacts.download(file.digest(), there, chunk -> {
                    received[0] = Math.addExact(received[0], chunk.length);
                    if (received[0] > file.size()) {
                        throw mismatch(file, "more than " + file.size() + " bytes came");
                    }
                    hash.update(chunk);
                    var bytes = ByteBuffer.wrap(chunk);
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                });
            }
            if (received[0] < file.size()) {
                throw new AgentFailure(
                        FailureCode.UNAVAILABLE,
                        file.path() + ": the download ended after " + received[0] + " of " + file.size() + " bytes");
            }
            channel.force(false);
        } catch (AgentFailure e) {
            if (e.code() == FailureCode.DIGEST_MISMATCH) {
                Files.deleteIfExists(target);
            }
            throw e;
        }
        var actual = Digest.finish(hash);
        if (!actual.equals(file.digest())) {
            Files.deleteIfExists(target);
            throw mismatch(file, "got " + actual);
        }
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r--r--r--"));
        Files.setLastModifiedTime(target, UNTOUCHED);
        Path path = path(file.digest());
        Files.createDirectories(path.getParent());
        Files.move(target, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void delete(Digest digest) throws IOException {
        Files.deleteIfExists(path(digest));
    }

    /** Puts the blob at {@code target}: as a link, or as a copy where the file system has none. */
    void stage(Digest digest, Path target) throws IOException {
        try {
            Files.createLink(target, path(digest));
        } catch (UnsupportedOperationException | java.nio.file.FileSystemException e) {
            Files.copy(path(digest), target, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    Bytes free() throws IOException {
        return new Bytes(Math.max(0, Files.getFileStore(blobs).getUsableSpace()));
    }

    private static AgentFailure mismatch(TreeFile file, String got) {
        return new AgentFailure(FailureCode.DIGEST_MISMATCH, file.path() + ": want " + file.digest() + ", " + got);
    }
}
