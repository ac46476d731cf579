package dev.fairlead.bench.parity;

import dev.fairlead.bench.Benchmark;
import dev.fairlead.bench.Scale;
import dev.fairlead.model.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Objects;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** All metrics over two tensors against a vectorised read of both, one thread each. */
public final class ParityPass implements Benchmark {
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

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
        MemorySegment a = prepared().reference().data();
        MemorySegment b = prepared().candidate().data();
        long start = System.nanoTime();
        int sum = sum(a, b);
        double rate = prepared().rate((System.nanoTime() - start) / 1e9);
        if (sum == 0) {
            throw new IllegalStateException("sum: is 0");
        }
        return rate;
    }

    private NearPair prepared() {
        return Objects.requireNonNull(pair, "prepare() comes first");
    }

    @Override
    public void close() {
        arena.close();
    }

    private static int sum(MemorySegment a, MemorySegment b) {
        IntVector a0 = IntVector.zero(INTS);
        IntVector a1 = a0;
        IntVector b0 = a0;
        IntVector b1 = a0;
        int step = INTS.vectorByteSize();
        for (long at = 0; at < a.byteSize(); at += 2L * step) {
            a0 = a0.add(IntVector.fromMemorySegment(INTS, a, at, ByteOrder.LITTLE_ENDIAN));
            b0 = b0.add(IntVector.fromMemorySegment(INTS, b, at, ByteOrder.LITTLE_ENDIAN));
            a1 = a1.add(IntVector.fromMemorySegment(INTS, a, at + step, ByteOrder.LITTLE_ENDIAN));
            b1 = b1.add(IntVector.fromMemorySegment(INTS, b, at + step, ByteOrder.LITTLE_ENDIAN));
        }
        // One more, for a sum that comes to 0 by chance would look like none.
        return a0.add(a1).add(b0.add(b1)).reduceLanes(VectorOperators.ADD) | 1;
    }
}
