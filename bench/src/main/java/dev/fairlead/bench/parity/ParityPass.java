package dev.fairlead.bench.parity;

import dev.fairlead.bench.Benchmark;
import dev.fairlead.bench.Scale;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.metrics.Measurement;
import dev.fairlead.parity.metrics.Pair;
import dev.fairlead.parity.metrics.Statistics;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * All metrics over two float32 tensors against a vectorised read of both, one thread each. The numbers are normal and, as
 * in a clean conversion, up to four units of least precision apart.
 */
public final class ParityPass implements Benchmark {
    public static final String NAME = "parity-pass";

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final int PATTERN = 1 << 20;
    private static final int MAX_ULP = 4;

    private final Arena arena = Arena.ofShared();
    private final Tensor reference;
    private final Tensor candidate;

    /** Allocates the tensors: 1 GiB each, 64 MiB in a quick run. */
    public ParityPass(Scale scale) {
        List<Long> shape = List.of(scale.pick(256, 16) * (long) PATTERN);
        reference = Tensor.allocate(DType.FLOAT32, shape, arena);
        candidate = Tensor.allocate(DType.FLOAT32, shape, arena);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String unit() {
        return "x rate of a vectorised read of both tensors";
    }

    @Override
    public double target() {
        return 0.6;
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
        SplittableRandom random = new SplittableRandom(1);
        for (long at = 0; at < reference.elements(); at++) {
            long offset = at * Float.BYTES;
            if (at < PATTERN) {
                float value = (float) random.nextGaussian();
                reference.data().set(Tensor.FLOAT, offset, value);
                int near = Float.floatToRawIntBits(value) + random.nextInt(-MAX_ULP, MAX_ULP + 1);
                candidate.data().set(Tensor.INT, offset, near);
            } else {
                long bytes = (long) PATTERN * Float.BYTES;
                MemorySegment.copy(reference.data(), 0, reference.data(), offset, bytes);
                MemorySegment.copy(candidate.data(), 0, candidate.data(), offset, bytes);
                at += PATTERN - 1;
            }
        }
    }

    @Override
    public double subject() {
        long start = System.nanoTime();
        Statistics found = Measurement.of(new Pair(reference, candidate));
        double rate = rate(start);
        if (found.maxUlp() != MAX_ULP) {
            throw new IllegalStateException("max ulp: " + found.maxUlp() + " is not " + MAX_ULP);
        }
        return rate;
    }

    @Override
    public double baseline() {
        long start = System.nanoTime();
        float sum = sum(reference.data(), candidate.data());
        double rate = rate(start);
        if (Float.isNaN(sum)) {
            throw new IllegalStateException("sum: is NaN");
        }
        return rate;
    }

    @Override
    public void close() {
        arena.close();
    }

    private double rate(long start) {
        return 2.0 * reference.data().byteSize() / (System.nanoTime() - start);
    }

    private static float sum(MemorySegment a, MemorySegment b) {
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        int step = FLOATS.vectorByteSize();
        for (long at = 0; at < a.byteSize(); at += 2L * step) {
            a0 = a0.add(FloatVector.fromMemorySegment(FLOATS, a, at, ByteOrder.LITTLE_ENDIAN));
            b0 = b0.add(FloatVector.fromMemorySegment(FLOATS, b, at, ByteOrder.LITTLE_ENDIAN));
            a1 = a1.add(FloatVector.fromMemorySegment(FLOATS, a, at + step, ByteOrder.LITTLE_ENDIAN));
            b1 = b1.add(FloatVector.fromMemorySegment(FLOATS, b, at + step, ByteOrder.LITTLE_ENDIAN));
        }
        return a0.add(a1).add(b0.add(b1)).reduceLanes(VectorOperators.ADD);
    }
}
