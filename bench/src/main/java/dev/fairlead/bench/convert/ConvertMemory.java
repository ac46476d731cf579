package dev.fairlead.bench.convert;

import dev.fairlead.bench.Benchmark;
import dev.fairlead.bench.Scale;
import dev.fairlead.conformance.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Most memory of its own, heap and all other that no file backs, that a process takes which converts a model from MLX to ONNX, against 300 MiB. Read
 * every few milliseconds from {@code /proc}, so on Linux only.
 */
public final class ConvertMemory implements Benchmark {
    public static final String NAME = "convert-memory";

    private static final double ALLOWED = 300;
    private static final long EVERY_MILLIS = 5;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Scale scale;
    private @Nullable HeavyModel model;

    /** A model of 4 GiB, of 4 MiB in a quick run. */
    public ConvertMemory(Scale scale) {
        this.scale = scale;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String unit() {
        return "x 300 MiB, lower is better";
    }

    @Override
    public double target() {
        return 1;
    }

    @Override
    public Better better() {
        return Better.LOWER;
    }

    @Override
    public String measure() {
        return "MiB";
    }

    @Override
    public void prepare() throws IOException {
        model = new HeavyModel(scale);
    }

    @Override
    public double subject() throws IOException, InterruptedException {
        if (model == null) {
            throw new IllegalStateException("prepare() comes first");
        }
        Path target = model.fresh();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ConvertOnce.class.getName(),
                        model.source().toString(),
                        target.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        long peak = 0;
        long end = System.nanoTime() + PATIENCE_NANOS;
        try {
            while (!process.waitFor(EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                peak = Math.max(peak, anonymous(process.pid()));
                if (System.nanoTime() > end) {
                    throw new IOException("conversion: did not end");
                }
            }
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0 || peak == 0) {
            throw new IOException("conversion: ended with " + process.exitValue() + " after " + peak + " KiB");
        }
        Folders.delete(target);
        return peak / 1024.0;
    }

    @Override
    public double baseline() {
        return ALLOWED;
    }

    /** KiB; 0 once the process has ended. */
    private static long anonymous(long process) throws IOException {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process), "status"))) {
                if (line.startsWith("RssAnon:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", ""));
                }
            }
            return 0;
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    @Override
    public void close() throws IOException {
        if (model != null) {
            model.close();
        }
    }
}
