package dev.fairlead.parity.locate;

import dev.fairlead.model.interpret.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What is kept of a tensor in place of it, {@value #BYTES} bytes whatever its size: a random projection whose seed all sketches share,
 * a histogram of magnitudes, extrema, the norm, and how many numbers are not finite and where.
 *
 * <p>The projection is a count sketch (Charikar, Chen and Farach-Colton, "Finding frequent items in data streams", 2002): each element
 * is added, with a sign, to one counter of each row, both from a hash of its row-major index, so that no matrix is stored. It is linear,
 * and the squared counters of a row sum to the squared norm on average, with a variance of at most 2/buckets of its square (Thorup and
 * Zhang, "Tabulation based 4-universal hashing with applications to second moment estimation", 2004); that of a difference of two
 * sketches therefore estimates the error between two tensors that are never both in memory. A single element that differs is exact.
 *
 * <p>Numbers beyond ±1e30 count as infinite: masks are filled with such, and beside one no other number would be seen.
 */
final class Sketch {
    static final int ROWS = 2;
    static final int BUCKETS = 160;
    static final int OCTAVES = 32;

    /** As {@link #bytes} writes it. */
    static final int BYTES = (ROWS * BUCKETS + OCTAVES + 9) * Long.BYTES;

    /** Of the estimated RMSE, relative: half of that of its square, which is the mean of the rows. */
    static final double STANDARD_ERROR = 0.5 * Math.sqrt(2.0 / (ROWS * BUCKETS));

    private static final long SEED = 0x6661_6972_6C65_6164L;
    private static final long SIGN = 1L << 31;
    private static final double LARGEST = 1e30;

    private final double[] counters = new double[ROWS * BUCKETS];
    private final long[] histogram = new long[OCTAVES];
    private long elements;
    private long nans;
    private long infinities;
    private long negativeInfinities;
    private long zeros;
    private long mask;
    private double squares;
    private double least = Double.POSITIVE_INFINITY;
    private double largest = Double.NEGATIVE_INFINITY;

    private Sketch() {}

    /**
     * Of all elements of a numeric array, complex ones as real and imaginary part.
     *
     * @throws IllegalArgumentException for strings
     */
    static Sketch of(Array array) {
        Sketch sketch = new Sketch();
        switch (array) {
            case Array.Reals reals -> sketch.addAll(reals.values());
            case Array.Complexes complexes -> sketch.addAll(complexes.values());
            case Array.Integers integers -> {
                long[] values = integers.values();
                for (int i = 0; i < values.length; i++) {
                    sketch.add(i, (double) values[i]);
                }
            }
            case Array.Texts _ -> throw new IllegalArgumentException("array: strings have no sketch");
        }
        return sketch;
    }

    private void addAll(double[] values) {
        for (int i = 0; i < values.length; i++) {
            add(i, values[i]);
        }
    }

    private void add(long index, double value) {
        elements++;
        long hash = hash(index);
        if (!(Math.abs(value) <= LARGEST)) {
            addMasked(hash, value);
            return;
        }
        counters[bucket(hash)] += (hash & SIGN) == 0 ? value : -value;
        counters[BUCKETS + bucket(hash >>> 32)] += hash >= 0 ? value : -value;
        squares += value * value;
        least = Math.min(least, value);
        largest = Math.max(largest, value);
        if (value == 0) {
            zeros++;
        } else {
            histogram[Math.clamp(OCTAVES / 2 + Math.floorDiv(Math.getExponent(value), 2), 0, OCTAVES - 1)]++;
        }
    }

    private void addMasked(long hash, double value) {
        if (Double.isNaN(value)) {
            nans++;
            mask += hash;
        } else if (value > 0) {
            infinities++;
            mask += Long.rotateLeft(hash, 21);
        } else {
            negativeInfinities++;
            mask += Long.rotateLeft(hash, 42);
        }
    }

    /** The lower 31 bits choose, the next one is the sign. */
    private static int bucket(long hash) {
        return (int) (((hash & 0x7FFF_FFFFL) * BUCKETS) >>> 31);
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long hash(long index) {
        long z = SEED + index * 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }

    long elements() {
        return elements;
    }

    /** NaN, beyond ±1e30 or infinite. */
    long notFinite() {
        return nans + infinities + negativeInfinities;
    }

    double least() {
        return least;
    }

    double largest() {
        return largest;
    }

    long zeros() {
        return zeros;
    }

    /** How many magnitudes, but for zeros, lie from {@code 4^(i − 16)} to below {@code 4^(i − 15)}; the ends hold what is beyond. */
    long[] histogram() {
        return histogram.clone();
    }

    /** Root of the mean square of all finite elements; 0 where there are none. */
    double rms() {
        return squares == 0 ? 0 : Math.sqrt(squares / (elements - notFinite()));
    }

    /**
     * How far this is from a reference, as an estimate with the relative standard error {@link #STANDARD_ERROR}.
     *
     * @return RMSE over the finite elements; infinite where sizes or the places of what is not finite differ
     */
    double rmse(Sketch reference) {
        if (elements != reference.elements
                || nans != reference.nans
                || infinities != reference.infinities
                || negativeInfinities != reference.negativeInfinities
                || mask != reference.mask) {
            return Double.POSITIVE_INFINITY;
        }
        double sum = 0;
        for (int i = 0; i < counters.length; i++) {
            double difference = counters[i] - reference.counters[i];
            sum += difference * difference;
        }
        return sum == 0 ? 0 : Math.sqrt(sum / ROWS / (elements - notFinite()));
    }

    /** RMSE over the reference's RMS; 0 where nothing differs, infinite where only the reference is zero. */
    double normalised(Sketch reference) {
        double rmse = rmse(reference);
        return rmse == 0 ? 0 : rmse / reference.rms();
    }

    /** To be sent: little-endian, the same length always. */
    byte[] bytes() {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(counters).forEach(buffer::putDouble);
        Arrays.stream(histogram).forEach(buffer::putLong);
        buffer.putLong(elements).putLong(nans).putLong(infinities).putLong(negativeInfinities);
        buffer.putLong(zeros).putLong(mask);
        return buffer.putDouble(squares).putDouble(least).putDouble(largest).array();
    }

    /**
     * What {@link #bytes} wrote.
     *
     * @throws IllegalArgumentException for another length
     */
    static Sketch parse(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("bytes: " + bytes.length + ", a sketch has " + BYTES);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        Sketch sketch = new Sketch();
        Arrays.setAll(sketch.counters, _ -> buffer.getDouble());
        Arrays.setAll(sketch.histogram, _ -> buffer.getLong());
        sketch.elements = buffer.getLong();
        sketch.nans = buffer.getLong();
        sketch.infinities = buffer.getLong();
        sketch.negativeInfinities = buffer.getLong();
        sketch.zeros = buffer.getLong();
        sketch.mask = buffer.getLong();
        sketch.squares = buffer.getDouble();
        sketch.least = buffer.getDouble();
        sketch.largest = buffer.getDouble();
        return sketch;
    }
}
