package dev.fairlead.model.tensor;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Moves memory segments from and to files without holding them on the heap. */
public final class Segments {
    private static final long CHUNK = 16L << 20;
    /** Below, a file costs more than it saves. */
    private static final long SPILLED = 4L << 20;

    private Segments() {}

    /** Maps a whole regular file, read only, for the life of the arena. An empty file gives an empty segment. */
    public static MemorySegment map(Path file, Arena arena) {
        if (!Files.isRegularFile(file)) {
            throw new ModelException(
                    Files.exists(file) ? ErrorCode.MALFORMED : ErrorCode.MISSING,
                    ModelException.name(file),
                    "file",
                    Files.exists(file) ? "is not a regular file" : "does not exist");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (NoSuchFileException e) {
            throw new ModelException(ErrorCode.MISSING, file, "file", e);
        } catch (IOException e) {
            throw new ModelException(ErrorCode.IO, file, "file", e);
        }
    }

    /** New zeroed memory, 64-byte aligned; from {@link #SPILLED} bytes on that of a temporary file whose name is gone. */
    static MemorySegment spilled(long bytes, Arena arena) {
        if (bytes < SPILLED) {
            return arena.allocate(bytes, 64);
        }
        try {
            Path file = Files.createTempFile("fairlead-", ".weight");
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
                return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
            }
        } catch (IOException e) {
            throw new ModelException(ErrorCode.IO, Path.of(System.getProperty("java.io.tmpdir")), "temporary file", e);
        }
    }

    /** Writes all bytes of a native segment or one over a {@code byte[]}. */
    public static void write(WritableByteChannel channel, MemorySegment segment) throws IOException {
        for (long at = 0; at < segment.byteSize(); at += CHUNK) {
            ByteBuffer part = chunk(segment, at);
            while (part.hasRemaining()) {
                channel.write(part);
            }
        }
    }

    /** {@code sha256:} and 64 hexadecimal digits. */
    public static String sha256(MemorySegment segment) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (long at = 0; at < segment.byteSize(); at += CHUNK) {
                digest.update(chunk(segment, at));
            }
            return "sha256:" + HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static ByteBuffer chunk(MemorySegment segment, long at) {
        return segment.asSlice(at, Math.min(CHUNK, segment.byteSize() - at)).asByteBuffer();
    }
}
