package dev.fairlead.bench.parity;

import dev.fairlead.bench.Benchmark;
import dev.fairlead.bench.Scale;
import dev.fairlead.model.tensor.DType;
import java.lang.foreign.Arena;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All metrics over two tensors against a vectorised read of both, one thread each. */
public final class ParityPass implements Benchmark {
    private final String name;
    private final DType dtype;
    private final double target;
    private final int patterns;
    private final Arena arena = Arena.ofShared();
    private @Nullable NearPair pair;

    private ParityPass(String name, DType dtype, double target, int patterns) {
        this.name = name;
        this.dtype = dtype;
        this.target = target;
        this.patterns = patterns;
    }

    /** 1 GiB each, 64 MiB in a quick run. */
    public static ParityPass float32(String name, Scale scale) {
        return new ParityPass(name, DType.FLOAT32, 0.6, scale.pick(256, 16));
    }

    /** Of 16 bits, as large. */
    public static ParityPass half(String name, DType dtype, Scale scale) {
        return new ParityPass(name, dtype, 0.5, scale.pick(512, 32));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String unit() {
        return "x rate of a vectorised read of both tensors";
    }

    @Override
    public double target() {
        return target;
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
        pair = NearPair.make(dtype, patterns, arena);
    }

    @Override
    public double subject() {
        return prepared().measured();
    }

    @Override
    public double baseline() {
        return prepared().read();
    }

    private NearPair prepared() {
        return Objects.requireNonNull(pair, "prepare() comes first");
    }

    @Override
    public void close() {
        arena.close();
    }
}
