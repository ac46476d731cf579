package dev.fairlead.control.job;

import dev.fairlead.control.event.Changes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/** The logs of attempts, one file each. Bytes are kept once, however often they arrive. */
public final class Logs {
    private static final int STRIPES = 64;
    private static final byte[] CUT =
            "\n[fairlead: the log is full; what follows was dropped]\n".getBytes(StandardCharsets.UTF_8);

    private final Path folder;
    private final long capacity;
    private final List<ReentrantLock> locks;
    private final Map<AttemptId, List<Runnable>> watchers = new ConcurrentHashMap<>();

    /**
     * Logs in a folder, which is made where it lacks.
     *
     * @param capacity bytes that one attempt may write
     */
    public Logs(Path folder, long capacity) {
        this.folder = folder;
        this.capacity = capacity;
        ReentrantLock[] stripes = new ReentrantLock[STRIPES];
        Arrays.setAll(stripes, i -> new ReentrantLock());
        this.locks = List.of(stripes);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": the folder for logs cannot be made", e);
        }
    }

    /**
     * Appends what is new of {@code data}, which begins at {@code offset}, and makes it durable.
     *
     * @return up to where the sender may forget: less than its end where bytes before {@code offset} are missing
     */
    public long append(AttemptId attempt, long offset, ByteBuffer data) {
        ReentrantLock lock = locks.get(Math.floorMod(attempt.hashCode(), STRIPES));
        lock.lock();
        try (FileChannel file = FileChannel.open(path(attempt), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long size = file.size();
            long end = offset + data.remaining();
            if (size >= capacity) {
                return Math.max(end, size);
            }
            if (offset > size) {
                return size;
            }
            if (end <= size) {
                return size;
            }
            ByteBuffer fresh = data.slice(data.position() + (int) (size - offset), (int) (end - size));
            if (end > capacity) {
                fresh.limit((int) (capacity - size));
                write(file, fresh, size);
                write(file, ByteBuffer.wrap(CUT), capacity);
            } else {
                write(file, fresh, size);
            }
            file.force(false);
            return end;
        } catch (IOException e) {
            throw new UncheckedIOException(path(attempt) + ": the log cannot be written", e);
        } finally {
            lock.unlock();
            watchers.getOrDefault(attempt, List.of()).forEach(Runnable::run);
        }
    }

    /** Up to {@code most} bytes from {@code offset}; none at the end, or where there is no log. */
    public byte[] read(AttemptId attempt, long offset, int most) {
        Path path = path(attempt);
        if (!Files.exists(path)) {
            return new byte[0];
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            long left = Math.max(0, file.size() - offset);
            ByteBuffer data = ByteBuffer.allocate((int) Math.min(most, left));
            while (data.hasRemaining() && file.read(data, offset + data.position()) >= 0) {
                // Short reads are allowed: go on until the buffer is full or the file ends.
            }
            return Arrays.copyOf(data.array(), data.position());
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": the log cannot be read", e);
        }
    }

    /** The last {@code most} bytes; less where the log is shorter or there is none. */
    public Tail tail(AttemptId attempt, int most) {
        Path path = path(attempt);
        try {
            long offset = Files.exists(path) ? Math.max(0, Files.size(path) - most) : 0;
            return new Tail(offset, ByteBuffer.wrap(read(attempt, offset, most)).asReadOnlyBuffer());
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": the log cannot be read", e);
        }
    }

    /**
     * The end of a log.
     *
     * @param offset how many bytes come before it
     * @param data from there on, read-only
     */
    public record Tail(long offset, ByteBuffer data) {}

    /** Runs {@code wake} after each append in this process. */
    public Changes.Subscription watch(AttemptId attempt, Runnable wake) {
        watchers.computeIfAbsent(attempt, id -> new CopyOnWriteArrayList<>()).add(wake);
        return () -> watchers.computeIfPresent(attempt, (id, all) -> {
            all.remove(wake);
            return all.isEmpty() ? null : all;
        });
    }

    private Path path(AttemptId attempt) {
        return folder.resolve(attempt + ".log");
    }

    private static void write(FileChannel file, ByteBuffer data, long position) throws IOException {
        long at = position;
        while (data.hasRemaining()) {
            at += file.write(data, at);
        }
    }
}
