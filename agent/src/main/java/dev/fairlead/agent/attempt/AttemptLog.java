package dev.fairlead.agent.attempt;

import dev.fairlead.agent.machine.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The output of an attempt's process, up to a limit. The process appends to the file itself; what goes beyond the
 * limit is not shown, and one line says so in its place.
 */
final class AttemptLog {
    private static final int TAIL = 4096;

    private final Path file;
    private final long limit;
    private final byte[] cut;

    AttemptLog(Path file, Bytes limit) {
        this.file = file;
        this.limit = limit.value();
        this.cut = ("\n[fairlead: the log is cut here: it is longer than " + limit + "]\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Bytes that there are to read, the line about the cut included. */
    long size() throws IOException {
        long written = written();
        return written > limit ? limit + cut.length : written;
    }

    private long written() throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /** At most {@code most} bytes from {@code offset}; empty at the end. */
    byte[] read(long offset, int most) throws IOException {
        if (offset >= limit) {
            int from = (int) Math.min(offset - limit, cut.length);
            int length = written() > limit ? Math.min(most, cut.length - from) : 0;
            return ByteBuffer.allocate(length).put(cut, from, length).array();
        }
        if (!Files.exists(file)) {
            return new byte[0];
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long end = Math.min(channel.size(), limit);
            var buffer = ByteBuffer.allocate(Math.clamp(end - offset, 0, most));
            while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {
                // Reads until full or at the end.
            }
            byte[] data = new byte[buffer.position()];
            buffer.flip().get(data);
            return data;
        }
    }

    /**
     * Gives the disk back what lies beyond the limit, but for the last lines, which may say why the process fails. The
     * process's descriptor appends, so it goes on at the new end. What it writes at this very moment may be lost.
     */
    void trim() throws IOException {
        if (written() <= limit + 2 * TAIL) {
            return;
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var tail = ByteBuffer.allocate(TAIL);
            channel.read(tail, channel.size() - TAIL);
            channel.truncate(limit);
            channel.write(tail.flip(), limit);
        }
    }
}
