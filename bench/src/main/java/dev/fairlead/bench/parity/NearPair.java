package dev.fairlead.bench.parity;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.metrics.Measurement;
import dev.fairlead.parity.metrics.Pair;
import dev.fairlead.parity.metrics.Statistics;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Two tensors of normal numbers that are, as in a clean conversion, up to four units of least precision apart. A pattern of 2^20 of them
 * is repeated.
 */
record NearPair(Tensor reference, Tensor candidate) {
    private static final int PATTERN = 1 << 20;
    private static final int MAX_ULP = 4;

    /**
     * Fills new tensors.
     *
     * @param patterns of 2^20 elements each
     */
    static NearPair make(DType dtype, int patterns, Arena arena) {
        List<Long> shape = List.of((long) patterns * PATTERN);
        NearPair pair = new NearPair(Tensor.allocate(dtype, shape, arena), Tensor.allocate(dtype, shape, arena));
        pair.fill();
        return pair;
    }

    private void fill() {
        SplittableRandom random = new SplittableRandom(1);
        for (long at = 0; at < PATTERN; at++) {
            reference.set(at, random.nextGaussian());
            int ulps = random.nextInt(-MAX_ULP, MAX_ULP + 1);
            if (reference.dtype() == DType.FLOAT32) {
                int bits = reference.data().get(Tensor.INT, at * Integer.BYTES);
                candidate.data().set(Tensor.INT, at * Integer.BYTES, bits + ulps);
            } else {
                short bits = reference.data().get(Tensor.SHORT, at * Short.BYTES);
                // Next to zero a step down would come out at a NaN.
                boolean room = (bits & Short.MAX_VALUE) > MAX_ULP;
                candidate.data().set(Tensor.SHORT, at * Short.BYTES, (short) (room ? bits + ulps : bits));
            }
        }
        long bytes = reference.dtype().bytes((long) PATTERN);
        for (long offset = bytes; offset < reference.data().byteSize(); offset += bytes) {
            MemorySegment.copy(reference.data(), 0, reference.data(), offset, bytes);
            MemorySegment.copy(candidate.data(), 0, candidate.data(), offset, bytes);
        }
    }

    /** Bytes of both a second, in GB/s, of all metrics in one pass on this thread. */
    double measured() {
        long start = System.nanoTime();
        return rate(Measurement.of(new Pair(reference, candidate)), start);
    }

    /** Likewise, on so many threads. */
    double measured(Executor executor, int threads) {
        long start = System.nanoTime();
        return rate(Measurement.of(new Pair(reference, candidate), executor, threads), start);
    }

    /** Likewise, of a vectorised read on this thread. */
    double read() {
        return read(0, reference.data().byteSize());
    }

    /** Likewise, of a read by two threads, a half each. */
    double read(Executor executor) {
        long half = reference.data().byteSize() / 2;
        long start = System.nanoTime();
        CompletableFuture<Double> other = CompletableFuture.supplyAsync(() -> read(half, half), executor);
        read(0, half);
        other.join();
        return rate((System.nanoTime() - start) / 1e9);
    }

    private double read(long from, long bytes) {
        long start = System.nanoTime();
        int sum = Reading.sum(
                reference.data().asSlice(from, bytes), candidate.data().asSlice(from, bytes));
        double rate = rate((System.nanoTime() - start) / 1e9);
        if (sum == 0) {
            throw new IllegalStateException("sum: is 0");
        }
        return rate;
    }

    private double rate(Statistics found, long start) {
        double rate = rate((System.nanoTime() - start) / 1e9);
        if (found.maxUlp() != MAX_ULP || found.elements() != reference.elements()) {
            throw new IllegalStateException(
                    "max ulp: " + found.maxUlp() + " is not " + MAX_ULP + ", of " + found.elements() + " elements");
        }
        return rate;
    }

    /** GB/s that a time for both tensors is. */
    double rate(double seconds) {
        return 2.0 * reference.data().byteSize() / seconds / 1e9;
    }
}
