package dev.fairlead.bench.parity;

import dev.fairlead.bench.Benchmark;
import dev.fairlead.bench.Result;
import dev.fairlead.bench.Scale;
import dev.fairlead.model.tensor.DType;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All metrics over two float32 tensors on two threads against the same on one. The tensors are small enough for a shared cache to feed
 * two cores; what large ones take, which memory feeds, is among the details.
 */
public final class ParityTwoCores implements Benchmark {
    public static final String NAME = "parity-two-cores";

    private static final int THREADS = 2;

    private static final int PATTERNS = 8;

    private final int passes;
    private final int largePatterns;
    private final Arena arena = Arena.ofShared();
    private final ExecutorService executor = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("measure-", 0).factory());
    private @Nullable NearPair pair;

    /** 32 MiB each and again and again; the large ones are of 1 GiB, 64 MiB in a quick run. */
    public ParityTwoCores(Scale scale) {
        passes = scale.pick(64, 4);
        largePatterns = scale.pick(256, 16);
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
        pair = NearPair.make(DType.FLOAT32, PATTERNS, arena);
    }

    @Override
    public double subject() {
        return repeated(() -> prepared().measured(executor, THREADS));
    }

    @Override
    public double baseline() {
        return repeated(prepared()::measured);
    }

    private double repeated(DoubleSupplier rate) {
        return Result.median(
                IntStream.range(0, passes).mapToObj(_ -> rate.getAsDouble()).toList());
    }

    @Override
    public List<String> details() {
        NearPair large = NearPair.make(DType.FLOAT32, largePatterns, arena);
        double one = repeated(large::measured);
        double two = repeated(() -> large.measured(executor, THREADS));
        return List.of(String.format(
                Locale.ROOT,
                "%d MiB each: %.1f GB/s on two threads, %.1f on one; a read takes %.1f on two and %.1f on one",
                large.reference().data().byteSize() >> 20,
                two,
                one,
                repeated(() -> large.read(executor)),
                repeated(large::read)));
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
