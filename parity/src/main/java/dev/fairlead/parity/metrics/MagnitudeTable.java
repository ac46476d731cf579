package dev.fairlead.parity.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * Error against |reference|, over ranges of a factor of 16: small reference values with large errors look different from
 * an error that grows with the value. Fed from sampled blocks only, see {@link Measurement#sampled}.
 */
public final class MagnitudeTable {
    static final int ROWS = 64;
    private static final int OCTAVES_PER_ROW = 4;

    private final long[] counts = new long[ROWS];
    private final double[] squares = new double[ROWS];
    private final double[] largest = new double[ROWS];

    MagnitudeTable() {}

    /**
     * One range of the reference's magnitude.
     *
     * @param from inclusive; 0 in the lowest row
     * @param to exclusive
     * @param count sampled elements in the range
     * @param rmse of those
     * @param max largest absolute error of those
     */
    public record Row(double from, double to, long count, double rmse, double max) {}

    void add(double reference, double error) {
        int row = Octaves.bucket(Math.abs(reference)) / OCTAVES_PER_ROW;
        counts[row]++;
        squares[row] += error * error;
        largest[row] = Math.max(largest[row], Math.abs(error));
    }

    void add(MagnitudeTable other) {
        for (int i = 0; i < ROWS; i++) {
            counts[i] += other.counts[i];
            squares[i] += other.squares[i];
            largest[i] = Math.max(largest[i], other.largest[i]);
        }
    }

    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            if (counts[i] > 0) {
                double from = i == 0 ? 0 : Octaves.upperEdge(i * OCTAVES_PER_ROW - 1);
                double to = i == ROWS - 1
                        ? Double.POSITIVE_INFINITY
                        : Octaves.upperEdge(i * OCTAVES_PER_ROW + OCTAVES_PER_ROW - 1);
                rows.add(new Row(from, to, counts[i], Math.sqrt(squares[i] / counts[i]), largest[i]));
            }
        }
        return List.copyOf(rows);
    }
}
