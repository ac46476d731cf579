package dev.fairlead.bench.parity;

import dev.fairlead.bench.Benchmark;
import dev.fairlead.bench.Scale;
import dev.fairlead.model.tensor.DType;
import java.lang.foreign.Arena;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** All metrics over two float32 tensors on two threads against the same on one. */
public final class ParityTwoCores implements Benchmark {
    public static final String NAME = "parity-two-cores";

    private static final int THREADS = 2;

    private final int patterns;
    private final Arena arena = Arena.ofShared();
    private final ExecutorService executor = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("measure-", 0).factory());
    private @Nullable NearPair pair;

    /** 1 GiB each, 64 MiB in a quick run. */
    public ParityTwoCores(Scale scale) {
        patterns = scale.pick(256, 16);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String unit() {
        return "x rate of one thread";
    }

    @Override
    public double target() {
        return 1.7;
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
    public void prepare() {
        pair = NearPair.make(DType.FLOAT32, patterns, arena);
    }

    @Override
    public double subject() {
        return prepared().measured(executor, THREADS);
    }

    @Override
    public double baseline() {
        return prepared().measured();
    }

    private NearPair prepared() {
        return Objects.requireNonNull(pair, "prepare() comes first");
    }

    @Override
    public void close() {
        executor.close();
        arena.close();
    }
}
