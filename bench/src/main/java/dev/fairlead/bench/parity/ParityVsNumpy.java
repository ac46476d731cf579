package dev.fairlead.bench.parity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.bench.Benchmark;
import dev.fairlead.bench.Scale;
import dev.fairlead.conformance.Folders;
import dev.fairlead.conformance.Tools;
import dev.fairlead.conformance.Worker;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All metrics over two float32 arrays against {@code numpy.allclose}, which says yes or no, on the same; one thread each. */
public final class ParityVsNumpy implements Benchmark {
    public static final String NAME = "parity-vs-numpy";

    private final int patterns;
    private final Arena arena = Arena.ofShared();
    private @Nullable NearPair pair;
    private @Nullable Path folder;
    private @Nullable Worker numpy;

    /** 512 MiB each, 16 MiB in a quick run. */
    public ParityVsNumpy(Scale scale) {
        patterns = scale.pick(128, 4);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String unit() {
        return "x rate of numpy.allclose";
    }

    @Override
    public double target() {
        return 8;
    }

    @Override
    public Better better() {
        return Better.HIGHER;
    }

    @Override
    public String measure() {
        return "GB/s";
    }

    @Override
    public void prepare() throws IOException {
        pair = NearPair.make(DType.FLOAT32, patterns, arena);
        folder = Files.createTempDirectory("fairlead-bench-");
        Path reference = write(folder.resolve("reference"), pair.reference());
        Path candidate = write(folder.resolve("candidate"), pair.candidate());
        numpy = new Worker(Tools.common(), "numpy_allclose.py");
        numpy.ask(Map.of("reference", reference.toString(), "candidate", candidate.toString()));
    }

    private static Path write(Path file, Tensor tensor) throws IOException {
        long bytes = tensor.data().byteSize();
        try (Arena mapping = Arena.ofConfined();
                FileChannel channel = FileChannel.open(
                        file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment.copy(tensor.data(), 0, channel.map(MapMode.READ_WRITE, 0, bytes, mapping), 0, bytes);
        }
        return file;
    }

    @Override
    public double subject() {
        return prepared().measured();
    }

    @Override
    public double baseline() throws IOException {
        JsonNode answer = Objects.requireNonNull(numpy).ask(Map.of());
        if (!answer.get("close").asBoolean()) {
            throw new IOException("numpy.allclose: says no");
        }
        return prepared().rate(answer.get("seconds").asDouble());
    }

    private NearPair prepared() {
        return Objects.requireNonNull(pair, "prepare() comes first");
    }

    @Override
    public void close() throws IOException {
        arena.close();
        if (numpy != null) {
            numpy.close();
        }
        if (folder != null) {
            Folders.delete(folder);
        }
    }
}
