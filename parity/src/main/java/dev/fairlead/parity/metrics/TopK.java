package dev.fairlead.parity.metrics;

import dev.fairlead.model.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * How often the indices of the k largest numbers along the last axis agree, as sets: a pass of its own, since it looks at
 * whole rows. Ties are broken by the smaller index; NaN counts as the largest, on both sides alike.
 */
public final class TopK {
    private TopK() {}

    /**
     * Rows of two tensors of the same shape.
     *
     * @param agreeing rows where both sides have the same top k
     */
    public record Agreement(long rows, long agreeing) {
        public Agreement plus(Agreement other) {
            return new Agreement(rows + other.rows, agreeing + other.agreeing);
        }

        /** 1 where there is no row. */
        public double share() {
            return rows == 0 ? 1 : (double) agreeing / rows;
        }
    }

    /** Compares row by row; a last axis shorter than {@code k} counts as no row. */
    public static Agreement of(Pair pair, int k) {
        return of(pair, k, _ -> true);
    }

    /** Of the rows that a mask keeps whole. */
    public static Agreement of(Pair pair, int k, Mask mask) {
        Mask.Positions positions = mask.over(pair.reference().shape());
        long width = width(pair);
        return of(pair, k, row -> positions.keeps(row * width, (row + 1) * width));
    }

    private static Agreement of(Pair pair, int k, LongPredicate kept) {
        if (k < 1) {
            throw new IllegalArgumentException("k: " + k + " is less than 1");
        }
        long width = width(pair);
        if (width < k || pair.elements() == 0) {
            return new Agreement(0, 0);
        }
        long rows = 0;
        long agreeing = 0;
        for (long row = 0; row < pair.elements() / width; row++) {
            if (kept.test(row)) {
                long[] reference = top(pair.reference(), row * width, width, k);
                long[] candidate = top(pair.candidate(), row * width, width, k);
                Arrays.sort(reference);
                Arrays.sort(candidate);
                rows++;
                agreeing += Arrays.equals(reference, candidate) ? 1 : 0;
            }
        }
        return new Agreement(rows, agreeing);
    }

    private static long width(Pair pair) {
        List<Long> shape = pair.reference().shape();
        return shape.isEmpty() ? 1 : shape.getLast();
    }

    /** Indices within the row, the largest value's first. */
    private static long[] top(Tensor tensor, long from, long width, int k) {
        long[] indices = new long[k];
        double[] values = new double[k];
        int held = 0;
        for (long i = 0; i < width; i++) {
            double value = tensor.doubleAt(from + i);
            int place = held;
            while (place > 0 && Double.compare(value, values[place - 1]) > 0) {
                place--;
            }
            if (place < k) {
                held = Math.min(held + 1, k);
                System.arraycopy(values, place, values, place + 1, held - 1 - place);
                System.arraycopy(indices, place, indices, place + 1, held - 1 - place);
                values[place] = value;
                indices[place] = i;
            }
        }
        return indices;
    }
}
