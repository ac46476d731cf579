package dev.fairlead.model.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.fairlead.model.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Runs a reader over damaged files: whatever the bytes are, it answers or throws a typed error, in under a second of processor time and 64 MiB.
 * A few thousand files by default; for so many minutes with {@code -Dfairlead.fuzz.minutes}, from another seed with {@code -Dfairlead.fuzz.seed}.
 */
public final class Fuzzing {
    private static final int TRIES = 1500;
    private static final long MAX_NANOS = 1_000_000_000L;
    private static final long MAX_BYTES = 64L << 20;
    private static final Path FOUND = Path.of("target", "fuzz");

    private final String format;
    private final Reader reader;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Reads and uses a file; leaves nothing open. */
    public interface Reader {
        void read(byte[] bytes);
    }

    private Fuzzing(String format, Reader reader) {
        this.format = format;
        this.reader = reader;
    }

    /**
     * Tries the files that once failed ({@code src/test/resources/fuzz/FORMAT}), then damaged seeds.
     *
     * @param seeds real files
     */
    public static void run(String format, List<byte[]> seeds, Reader reader) {
        Fuzzing fuzzing = new Fuzzing(format, reader);
        List<byte[]> corpus = new ArrayList<>(seeds);
        for (byte[] known : files(Path.of("src/test/resources/fuzz", format))) {
            fuzzing.attempt(known, "a known file");
            corpus.add(known);
        }
        seeds.forEach(seed -> fuzzing.attempt(seed, "a seed"));
        long minutes = Long.getLong("fairlead.fuzz.minutes", 0);
        long seed = Long.getLong("fairlead.fuzz.seed", 1);
        long end = System.nanoTime() + minutes * 60_000_000_000L;
        long tried = 0;
        while (minutes > 0 ? System.nanoTime() < end : tried < TRIES) {
            long own = seed * 1_000_000_007L + tried++;
            fuzzing.attempt(new Mutator(new Random(own), corpus).next(), "seed " + own);
        }
        if (minutes > 0) {
            System.out.println(
                    "fuzz " + format + ": " + tried + " files in " + minutes + " minutes, from seed " + seed);
        }
    }

    /** Runs something in under a second of processor time, however busy the machine is. */
    public static void withinASecond(Runnable body) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        body.run();
        assertThat(threads.getCurrentThreadCpuTime() - start).isLessThan(MAX_NANOS);
    }

    private void attempt(byte[] bytes, String origin) {
        long thread = Thread.currentThread().threadId();
        long allocated = threads.getThreadAllocatedBytes(thread);
        long start = threads.getCurrentThreadCpuTime();
        try {
            reader.read(bytes);
        } catch (ModelException e) {
            if (e.file().isEmpty() || e.field().isEmpty()) {
                keep(bytes, origin, e);
            }
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            keep(bytes, origin, e);
        }
        if (threads.getCurrentThreadCpuTime() - start > MAX_NANOS) {
            keep(bytes, origin, new IllegalStateException("took over a second"));
        }
        long took = threads.getThreadAllocatedBytes(thread) - allocated;
        if (took > MAX_BYTES) {
            keep(bytes, origin, new IllegalStateException("allocated " + took + " bytes"));
        }
    }

    private void keep(byte[] bytes, String origin, Throwable cause) {
        try {
            Files.createDirectories(FOUND);
            Path file = FOUND.resolve(format + "-" + Integer.toHexString(Arrays.hashCode(bytes)));
            Files.write(file, bytes);
            fail(format + ", " + origin + ", kept as " + file + ": " + cause, cause);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The contents of all files of a folder, in their names' order; none where there is no folder. */
    public static List<byte[]> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<byte[]> contents = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                contents.add(Files.readAllBytes(file));
            }
            assertThat(contents).isNotEmpty();
            return contents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
