package dev.fairlead.control.artifact.folder;

import dev.fairlead.control.artifact.BlobRef;
import dev.fairlead.control.artifact.BlobStore;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Blobs as files: {@code sha256/ab/cdef…} when complete, {@code partial/<hex>} while they arrive. A blob gets its final name
 * in one rename after its bytes are on disk, so a file under {@code sha256} is always whole. One process owns the folder.
 */
public final class FolderBlobStore implements BlobStore {
    private final Path complete;
    private final Path partial;
    private final FreeSpace space;
    private final Map<Digest, PartialBlob> open = new HashMap<>();

    /** How many bytes can still be written; a test decides for itself. */
    public interface FreeSpace {
        long bytes();
    }

    public FolderBlobStore(Path folder) {
        this(folder, () -> folder.toFile().getUsableSpace());
    }

    FolderBlobStore(Path folder, FreeSpace space) {
        this.complete = folder.resolve("sha256");
        this.partial = folder.resolve("partial");
        this.space = space;
        try {
            Files.createDirectories(complete);
            Files.createDirectories(partial);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the blob folder " + folder, e);
        }
    }

    @Override
    public OptionalLong size(Digest digest) {
        try {
            return OptionalLong.of(Files.size(file(digest)));
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at blob " + digest, e);
        }
    }

    @Override
    public synchronized long received(Digest digest) {
        PartialBlob arriving = open.get(digest);
        if (arriving != null) {
            return arriving.received();
        }
        try {
            return Files.size(partial.resolve(digest.hex()));
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at the unfinished blob " + digest, e);
        }
    }

    @Override
    public Upload upload(BlobRef blob) {
        OptionalLong stored = size(blob.digest());
        if (stored.isPresent() && stored.getAsLong() != blob.size()) {
            throw sizeMismatch(blob, stored.getAsLong());
        }
        if (stored.isEmpty()) {
            requireSpace(blob);
        }
        PartialBlob arriving;
        synchronized (this) {
            arriving = open.computeIfAbsent(
                    blob.digest(), digest -> new PartialBlob(blob, partial.resolve(digest.hex()), complete, space));
            if (arriving.size() != blob.size()) {
                throw sizeMismatch(blob, arriving.size());
            }
            arriving.join();
        }
        return new Participant(arriving);
    }

    @Override
    public Optional<SeekableByteChannel> read(Digest digest) {
        try {
            return Optional.of(FileChannel.open(file(digest), StandardOpenOption.READ));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open blob " + digest, e);
        }
    }

    @Override
    public void delete(Digest digest) {
        try {
            Files.deleteIfExists(file(digest));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete blob " + digest, e);
        }
    }

    @Override
    public void forEach(Consumer<Stored> visitor) {
        try (Stream<Path> files = Files.walk(complete)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                try {
                    String hex = complete.relativize(file).toString().replace("/", "");
                    visitor.accept(new Stored(
                            new BlobRef(new Digest(hex), Files.size(file)),
                            Files.getLastModifiedTime(file).toInstant()));
                } catch (NoSuchFileException e) {
                    // Deleted meanwhile: no longer a blob to visit.
                    return;
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot look at " + file, e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the blobs", e);
        }
    }

    @Override
    public synchronized Removed dropStalePartials(Instant cutoff, Mode mode) {
        Removed removed = new Removed(0, 0);
        try (Stream<Path> files = Files.list(partial)) {
            for (Path file : files.toList()) {
                if (!open.containsKey(new Digest(file.getFileName().toString()))) {
                    removed = removed.plus(dropIfStale(file, cutoff, mode));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot sweep unfinished uploads", e);
        }
        return removed;
    }

    private static Removed dropIfStale(Path file, Instant cutoff, Mode mode) throws IOException {
        try {
            if (!Files.getLastModifiedTime(file).toInstant().isBefore(cutoff)) {
                return new Removed(0, 0);
            }
            Removed one = new Removed(1, Files.size(file));
            if (mode == Mode.REMOVE) {
                Files.delete(file);
            }
            return one;
        } catch (NoSuchFileException e) {
            // Published since the folder was listed: no longer an unfinished upload.
            return new Removed(0, 0);
        }
    }

    private Path file(Digest digest) {
        return file(complete, digest);
    }

    /** Folders of 256: one folder with a million files would be slow to list. */
    static Path shelf(Path shelves, Digest digest) {
        return shelves.resolve(digest.hex().substring(0, 2));
    }

    static Path file(Path shelves, Digest digest) {
        return shelf(shelves, digest).resolve(digest.hex().substring(2));
    }

    private void requireSpace(BlobRef blob) {
        long needed = blob.size() - received(blob.digest());
        long free = space.bytes();
        if (needed > free) {
            throw PartialBlob.diskFull(blob, needed, free);
        }
    }

    private static FairleadException sizeMismatch(BlobRef blob, long known) {
        return new FairleadException(
                ErrorCode.BLOB_SIZE_MISMATCH,
                "blob.size",
                "blob.size is " + blob.size() + " and " + blob.digest() + " is known with " + known + " bytes");
    }

    private synchronized void leave(PartialBlob arriving) {
        if (arriving.leave()) {
            open.remove(arriving.digest());
        }
    }

    private final class Participant implements Upload {
        private final PartialBlob arriving;
        private boolean left;

        Participant(PartialBlob arriving) {
            this.arriving = arriving;
        }

        @Override
        public void append(long offset, ByteBuffer data) {
            arriving.append(offset, data);
        }

        @Override
        public long received() {
            return arriving.received();
        }

        @Override
        public boolean settle() {
            return arriving.settle();
        }

        @Override
        public void publish() {
            arriving.publish();
        }

        @Override
        public void close() {
            if (!left) {
                left = true;
                leave(arriving);
            }
        }
    }
}
