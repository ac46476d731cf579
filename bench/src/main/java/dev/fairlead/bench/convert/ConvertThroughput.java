package dev.fairlead.bench.convert;

import dev.fairlead.bench.Benchmark;
import dev.fairlead.bench.Scale;
import dev.fairlead.conformance.Folders;
import dev.fairlead.model.convert.Conversion;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.convert.Options;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Time of a conversion from MLX to ONNX, which writes every weight once and its SHA-256 into the provenance, against a copy of the same
 * weights to the same disk with SHA-256. Neither waits for the disk.
 */
public final class ConvertThroughput implements Benchmark {
    public static final String NAME = "convert-throughput";

    private static final int CHUNK = 1 << 20;

    private final Scale scale;
    private @Nullable HeavyModel model;

    /** 4 GiB a measurement, 4 MiB in a quick run. */
    public ConvertThroughput(Scale scale) {
        this.scale = scale;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String unit() {
        return "x time of a copy with SHA-256, lower is better";
    }

    @Override
    public double target() {
        return 1.25;
    }

    @Override
    public Better better() {
        return Better.LOWER;
    }

    @Override
    public String measure() {
        return "s";
    }

    @Override
    public void prepare() throws IOException {
        model = new HeavyModel(scale);
    }

    @Override
    public double subject() throws IOException {
        Path target = prepared().fresh();
        long start = System.nanoTime();
        Conversion conversion = Converter.convert(prepared().source(), target, Options.defaults());
        double seconds = (System.nanoTime() - start) / 1e9;
        if (!(conversion instanceof Conversion.Converted)) {
            throw new IOException("conversion: " + conversion);
        }
        Folders.delete(target);
        return seconds;
    }

    @Override
    public double baseline() throws IOException, NoSuchAlgorithmException {
        Path target = prepared().fresh();
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
        long start = System.nanoTime();
        try (FileChannel from = FileChannel.open(prepared().weights(), StandardOpenOption.READ);
                FileChannel to = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (from.read(chunk) >= 0) {
                digest.update(chunk.flip());
                chunk.rewind();
                while (chunk.hasRemaining()) {
                    to.write(chunk);
                }
                chunk.clear();
            }
        }
        int hashed = digest.digest().length;
        double seconds = (System.nanoTime() - start) / 1e9;
        Files.delete(target);
        if (hashed == 0) {
            throw new IllegalStateException("digest: is empty");
        }
        return seconds;
    }

    private HeavyModel prepared() {
        if (model == null) {
            throw new IllegalStateException("prepare() comes first");
        }
        return model;
    }

    @Override
    public void close() throws IOException {
        if (model != null) {
            model.close();
        }
    }
}
