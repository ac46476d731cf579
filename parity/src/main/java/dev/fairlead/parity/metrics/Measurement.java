package dev.fairlead.parity.metrics;

import dev.fairlead.model.tensor.DType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * Measures pairs: one pass, in blocks of a fixed size, so that the result is the same bit for bit whatever the number
 * of threads. Extrema, sums and counts are of all elements; histograms and the table by magnitude are of every element of small
 * tensors and of evenly spaced blocks of large ones.
 */
public final class Measurement {
    /** Elements that a kernel takes at once; two blocks of float32 fit the first-level cache. */
    static final int BLOCK = 4096;

    /** Elements that one thread takes at once. */
    static final long CHUNK = 1L << 20;

    /** Blocks from the first on that all go into histograms and table: tensors of up to 131,072 elements are seen whole. */
    private static final int SAMPLE_ALL = 32;

    /** Of the later blocks every so many: counting all would take twice the time of everything else together. */
    private static final int HISTOGRAM_EVERY = 128;

    /** The table is for people, and made one element at a time. */
    private static final int TABLE_EVERY = 4096;

    /** Chunks a thread that are handed out before the first of them is waited for, so that none idles while another ends. */
    private static final int AHEAD = 4;

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
        Semaphore permits = new Semaphore(parallelism);
        Deque<CompletableFuture<Statistics>> running = new ArrayDeque<>();
        Statistics all = new Statistics();
        for (long from = 0; from < pair.elements(); from += CHUNK) {
            if (running.size() == AHEAD * parallelism) {
                all.add(running.remove().join());
            }
            long start = from;
            running.add(CompletableFuture.supplyAsync(
                    () -> {
                        permits.acquireUninterruptibly();
                        try {
                            return chunk(pair, start, kernel(pair));
                        } finally {
                            permits.release();
                        }
                    },
                    executor));
        }
        while (!running.isEmpty()) {
            all.add(running.remove().join());
        }
        return all;
    }

    /**
     * Measures what a mask keeps, on the calling thread.
     *
     * @throws IllegalArgumentException where the mask does not fit
     */
    public static Statistics of(Pair pair, Mask mask) {
        return KeptBlocks.measure(pair, mask);
    }

    static Statistics of(Pair pair, Kernel kernel) {
        Statistics all = new Statistics();
        for (long from = 0; from < pair.elements(); from += CHUNK) {
            all.add(chunk(pair, from, kernel));
        }
        return all;
    }

    static Kernel kernel(Pair pair) {
        DType dtype = pair.reference().dtype();
        if (pair.candidate().dtype() != dtype) {
            return new ScalarKernel();
        }
        return switch (dtype) {
            case FLOAT16, BFLOAT16 -> new HalfKernel(HalfFormat.of(dtype));
            case FLOAT32 -> new Float32Kernel();
            case FLOAT64 -> new Float64Kernel();
            case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> new ScalarKernel();
            case UINT1, UINT2, UINT3, UINT4, UINT6, INT2, INT4, COMPLEX64, COMPLEX128 -> new ScalarKernel();
            case FLOAT8_E4M3FN, FLOAT8_E4M3FNUZ, FLOAT8_E5M2, FLOAT8_E5M2FNUZ, FLOAT8_E8M0FNU -> new ScalarKernel();
            case FLOAT6_E2M3FN, FLOAT6_E3M2FN, FLOAT4_E2M1FN -> new ScalarKernel();
        };
    }

    private static Statistics chunk(Pair pair, long from, Kernel kernel) {
        Statistics part = new Statistics();
        long end = Math.min(from + CHUNK, pair.elements());
        for (long at = from; at < end; at += BLOCK) {
            block(pair, at, Math.min(at + BLOCK, end), at / BLOCK, kernel, part);
        }
        return part;
    }

    /**
     * Measures the first elements of a pair of one block.
     *
     * @param number of the block among those of the whole
     */
    static Statistics block(Pair pair, int elements, long number, Kernel kernel) {
        Statistics part = new Statistics();
        block(pair, 0, elements, number, kernel, part);
        return part;
    }

    private static void block(Pair pair, long from, long to, long number, Kernel kernel, Statistics into) {
        kernel.add(pair, from, to, into);
        if (sampled(number, HISTOGRAM_EVERY)) {
            kernel.spread(pair, from, to, into);
        }
        if (sampled(number, TABLE_EVERY)) {
            addToTable(pair, from, to, into);
        }
    }

    private static boolean sampled(long block, int every) {
        return block < SAMPLE_ALL || block % every == 0;
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
