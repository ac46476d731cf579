package dev.fairlead.parity.metrics;

import dev.fairlead.model.tensor.DType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Measures pairs: one pass, in blocks of a fixed size, so that the result is the same bit for bit whatever the number
 * of threads.
 */
public final class Measurement {
    /** Elements that a kernel takes at once; two blocks of float32 fit the first-level cache. */
    static final int BLOCK = 2048;

    /** Elements that one thread takes at once. */
    static final long CHUNK = 1L << 20;

    private static final int SAMPLE_ALL = 64;
    private static final int SAMPLE_EVERY = 256;

    private Measurement() {}

    /** Measures a pair on the calling thread. */
    public static Statistics of(Pair pair) {
        return of(pair, kernel(pair));
    }

    /** Measures a pair on an executor, with at most {@code parallelism} chunks at once. */
    public static Statistics of(Pair pair, Executor executor, int parallelism) {
        if (parallelism < 1) {
            throw new IllegalArgumentException("parallelism: " + parallelism + " is less than 1");
        }
        Deque<CompletableFuture<Statistics>> running = new ArrayDeque<>();
        Statistics all = new Statistics();
        for (long from = 0; from < pair.elements(); from += CHUNK) {
            if (running.size() == parallelism) {
                all.add(running.remove().join());
            }
            long start = from;
            running.add(CompletableFuture.supplyAsync(() -> chunk(pair, start, kernel(pair)), executor));
        }
        while (!running.isEmpty()) {
            all.add(running.remove().join());
        }
        return all;
    }

    static Statistics of(Pair pair, Kernel kernel) {
        Statistics all = new Statistics();
        for (long from = 0; from < pair.elements(); from += CHUNK) {
            all.add(chunk(pair, from, kernel));
        }
        return all;
    }

    private static Kernel kernel(Pair pair) {
        boolean float32 =
                pair.reference().dtype() == DType.FLOAT32 && pair.candidate().dtype() == DType.FLOAT32;
        return float32 ? new Float32Kernel() : new ScalarKernel();
    }

    private static Statistics chunk(Pair pair, long from, Kernel kernel) {
        Statistics part = new Statistics();
        long end = Math.min(from + CHUNK, pair.elements());
        for (long at = from; at < end; at += BLOCK) {
            long to = Math.min(at + BLOCK, end);
            kernel.add(pair, at, to, part);
            if (sampled(at / BLOCK)) {
                addToTable(pair, at, to, part);
            }
        }
        return part;
    }

    /** The first blocks and then every 256th: a table for people needs no more, and costs as much as all the rest. */
    static boolean sampled(long block) {
        return block < SAMPLE_ALL || block % SAMPLE_EVERY == 0;
    }

    private static void addToTable(Pair pair, long from, long to, Statistics into) {
        for (long i = from; i < to; i++) {
            double a = pair.reference().doubleAt(i);
            double b = pair.candidate().doubleAt(i);
            if (Double.isFinite(a) && Double.isFinite(b)) {
                into.table.add(a, ScalarKernel.error(a, b, pair.narrow()));
            }
        }
    }
}
