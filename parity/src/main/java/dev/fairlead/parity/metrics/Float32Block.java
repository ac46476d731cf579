package dev.fairlead.parity.metrics;

import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.MIN;
import static jdk.incubator.vector.VectorOperators.UMAX;
import static jdk.incubator.vector.VectorOperators.UMIN;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** What the vector loops find in one block of {@link Measurement#BLOCK} elements; used again for the next block. */
final class Float32Block {
    /**
     * At most 256 bits: wider ones are faster from the cache, but from memory, which this loop waits for, they take a quarter more time.
     * Measured on a Zen 5; more and smaller loads in flight may be why.
     */
    static final VectorSpecies<Float> FLOATS = VectorSpecies.of(
            float.class, VectorShape.forBitSize(Math.min(256, FloatVector.SPECIES_PREFERRED.vectorBitSize())));

    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
    private static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, FLOATS.vectorShape());
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final int LANES = FLOATS.length();
    private static final int STEP = FLOATS.vectorByteSize();

    /** float32 terms that are summed in each lane before the sum is widened. */
    static final int RUN = 64;

    private static final int MAGNITUDE = 0x7FFF_FFFF;
    private static final int SIGN = Integer.MIN_VALUE;

    /** Below this no sum of squares of a run and no quotient overflows. */
    private static final int LARGE = Float.floatToRawIntBits(0x1p58f);

    /** From this on the largest square outweighs, by 2^30, what all others of a block may lose to underflow. */
    private static final int SMALL = Float.floatToRawIntBits(0x1p-54f);

    /** With less than this share of the reference left, a difference of sums of squares is not computed as one. */
    static final double LEFT_OF_DIFFERENCE = 0x1p-10;

    /**
     * Two values of different sign are 2^31 or more units of least precision apart only if they are this far apart: 2 and -2
     * are the nearest, for the number of floats up to a value is concave in it.
     */
    private static final int FAR = Float.floatToRawIntBits(4f);

    /**
     * The bits of two values of one sign, both below 2^59, may differ by as much as this, those of different signs differ by at
     * least this: then the difference of the bits is not the distance.
     */
    private static final int ACROSS_ZERO = SIGN - Float.floatToRawIntBits(0x1p59f);

    private final float[] squaredErrors = new float[Measurement.BLOCK / RUN];
    private final float[] squaredReferences = new float[Measurement.BLOCK / RUN];
    private final float[] products = new float[Measurement.BLOCK / RUN];
    private final float[] absolutes = new float[Measurement.BLOCK / RUN];
    private final int[] errors = new int[LANES];
    private final int[] above = new int[LANES];
    private final int[] distances = new int[LANES];
    private final int[] signedMax = new int[LANES];
    private final int[] unsignedMax = new int[LANES];
    private int maxError;
    private int maxDistance;
    private boolean acrossZero;
    private int maxRelative;
    private int minReference;
    private int maxReference;
    private double squaredError;
    double squaredReference;
    private double referenceTimesError;
    private double absoluteError;

    /**
     * Everything but the histograms and what they give.
     *
     * @param maxRelativeSoFar largest relative error of the blocks before: only where this block may have a larger one is there
     *     anything to divide
     */
    void scan(MemorySegment a, MemorySegment b, long offset, float maxRelativeSoFar) {
        loop(a, b, offset, bar(maxRelativeSoFar));
        maxError = max(errors);
        int top = max(signedMax);
        int bottom = max(unsignedMax) ^ SIGN;
        int nearest = top < 0 || bottom >= 0 ? nearestToZero(a, offset) : 0;
        maxReference = ordinal(top >= 0 ? top : nearest);
        minReference = ordinal(bottom < 0 ? bottom : nearest);
        maxDistance = max(distances) ^ SIGN;
        acrossZero = Integer.compareUnsigned(maxDistance, ACROSS_ZERO) >= 0;
        if (acrossZero) {
            maxDistance = distanceAcrossZero(a, b, offset);
        }
        squaredError = sum(squaredErrors);
        squaredReference = sum(squaredReferences);
        referenceTimesError = sum(products);
        absoluteError = sum(absolutes);
        maxRelative = max(above) > 0 ? maxRelative(a, b, offset) : 0;
    }

    /** Nothing but the loop: what follows it would cost the compiler the patience to keep its vectors in registers. */
    private void loop(MemorySegment a, MemorySegment b, long offset, float relativeBar) {
        IntVector floor = floor();
        FloatVector bar = FloatVector.broadcast(FLOATS, relativeBar);
        IntVector largest = IntVector.zero(INTS);
        IntVector exceeding = largest;
        IntVector farthest = largest;
        // As signed integers positive floats are in order, as unsigned ones the most negative float is the largest.
        IntVector highest = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        IntVector lowest = largest;
        for (int run = 0; run < Measurement.BLOCK; run += RUN * LANES) {
            FloatVector ee = FloatVector.zero(FLOATS);
            FloatVector xx = ee;
            FloatVector xe = ee;
            FloatVector absolute = ee;
            // Twice by hand: the compiler does not, and a third of the time goes into waiting for the loop itself.
            for (int i = run; i < run + RUN * LANES; i += 2 * LANES) {
                long at = offset + (long) i * Float.BYTES;
                IntVector x = IntVector.fromMemorySegment(INTS, a, at, LITTLE);
                IntVector y = IntVector.fromMemorySegment(INTS, b, at, LITTLE);
                FloatVector e = x.reinterpretAsFloats().sub(y.reinterpretAsFloats());
                IntVector error = e.reinterpretAsInts().and(MAGNITUDE);
                ee = e.fma(e, ee);
                xx = x.reinterpretAsFloats().fma(x.reinterpretAsFloats(), xx);
                xe = x.reinterpretAsFloats().fma(e, xe);
                absolute = absolute.add(error.reinterpretAsFloats());
                largest = largest.max(error);
                IntVector divisor = x.and(MAGNITUDE).max(floor);
                exceeding = exceeding.max(
                        error.sub(divisor.reinterpretAsFloats().mul(bar).reinterpretAsInts()));
                highest = highest.max(x);
                lowest = lowest.lanewise(UMAX, x);
                farthest = farthest.lanewise(UMAX, x.sub(y).lanewise(ABS));
                x = IntVector.fromMemorySegment(INTS, a, at + STEP, LITTLE);
                y = IntVector.fromMemorySegment(INTS, b, at + STEP, LITTLE);
                e = x.reinterpretAsFloats().sub(y.reinterpretAsFloats());
                error = e.reinterpretAsInts().and(MAGNITUDE);
                ee = e.fma(e, ee);
                xx = x.reinterpretAsFloats().fma(x.reinterpretAsFloats(), xx);
                xe = x.reinterpretAsFloats().fma(e, xe);
                absolute = absolute.add(error.reinterpretAsFloats());
                largest = largest.max(error);
                divisor = x.and(MAGNITUDE).max(floor);
                exceeding = exceeding.max(
                        error.sub(divisor.reinterpretAsFloats().mul(bar).reinterpretAsInts()));
                highest = highest.max(x);
                lowest = lowest.lanewise(UMAX, x);
                farthest = farthest.lanewise(UMAX, x.sub(y).lanewise(ABS));
            }
            int place = run / RUN;
            ee.intoArray(squaredErrors, place);
            xx.intoArray(squaredReferences, place);
            xe.intoArray(products, place);
            absolute.intoArray(absolutes, place);
        }
        largest.intoArray(errors, 0);
        exceeding.intoArray(above, 0);
        highest.intoArray(signedMax, 0);
        unsignedOrder(lowest).intoArray(unsignedMax, 0);
        unsignedOrder(farthest).intoArray(distances, 0);
    }

    static int max(int[] lanes) {
        int max = lanes[0];
        for (int lane : lanes) {
            max = Math.max(max, lane);
        }
        return max;
    }

    /** A little below the largest so far, so that no rounding hides a larger one. */
    private static float bar(float maxRelative) {
        return maxRelative < 0x1p-60f ? 0 : maxRelative * (1 - 0x1p-22f);
    }

    static int maxRelative(MemorySegment a, MemorySegment b, long offset) {
        IntVector floor = floor();
        IntVector relatives = IntVector.zero(INTS);
        for (int i = 0; i < Measurement.BLOCK; i += LANES) {
            long at = offset + (long) i * Float.BYTES;
            FloatVector x = FloatVector.fromMemorySegment(FLOATS, a, at, LITTLE);
            FloatVector e = x.sub(FloatVector.fromMemorySegment(FLOATS, b, at, LITTLE));
            FloatVector error = e.reinterpretAsInts().and(MAGNITUDE).reinterpretAsFloats();
            relatives = relatives.max(quotient(error, x, floor).reinterpretAsInts());
        }
        return relatives.reduceLanes(MAX);
    }

    /** The bits of the reference nearest to zero, where all have one sign. */
    private static int nearestToZero(MemorySegment a, long offset) {
        IntVector smallest = IntVector.broadcast(INTS, -1);
        for (int i = 0; i < Measurement.BLOCK; i += LANES) {
            IntVector x = IntVector.fromMemorySegment(INTS, a, offset + (long) i * Float.BYTES, LITTLE);
            smallest = smallest.lanewise(UMIN, x);
        }
        return unsignedOrder(smallest).reduceLanes(MIN) ^ SIGN;
    }

    /** Where two signs differ, the distance is that of the ordinals. */
    private static int distanceAcrossZero(MemorySegment a, MemorySegment b, long offset) {
        IntVector distances = IntVector.zero(INTS);
        for (int i = 0; i < Measurement.BLOCK; i += LANES) {
            long at = offset + (long) i * Float.BYTES;
            IntVector x = Float32Keys.ordinal(IntVector.fromMemorySegment(INTS, a, at, LITTLE));
            IntVector y = Float32Keys.ordinal(IntVector.fromMemorySegment(INTS, b, at, LITTLE));
            distances = distances.max(x.sub(y).lanewise(ABS));
        }
        return distances.reduceLanes(MAX);
    }

    /** In signed order as before in unsigned order: JDK 25's own unsigned reduction by UMIN answers 0. */
    private static IntVector unsignedOrder(IntVector values) {
        return values.lanewise(XOR, SIGN);
    }

    private static int ordinal(int bits) {
        return bits < 0 ? -(bits & MAGNITUDE) : bits;
    }

    /** Whether what {@link #scan} found is right. */
    boolean ordinary() {
        int magnitude = Math.max(maxReference, -minReference);
        return (!acrossZero || maxError < FAR) && inRange(maxError) && inRange(magnitude);
    }

    /** Whether the squares of a block with this largest magnitude, as bits, add up in float32. */
    static boolean inRange(int bits) {
        return bits == 0 || (bits >= SMALL && bits < LARGE);
    }

    static IntVector floor() {
        return IntVector.broadcast(INTS, Float.floatToRawIntBits((float) Statistics.RELATIVE_FLOOR));
    }

    /** The relative error: not negative, so its bits are in order as integers too. */
    static FloatVector quotient(FloatVector error, FloatVector reference, IntVector floor) {
        IntVector divisor = reference.reinterpretAsInts().and(MAGNITUDE).max(floor);
        return error.div(divisor.reinterpretAsFloats());
    }

    /** In float64. */
    static double sum(float[] runs) {
        DoubleVector sum = DoubleVector.zero(DOUBLES);
        for (int i = 0; i < runs.length; i += DOUBLES.length()) {
            sum = sum.add((DoubleVector) FloatVector.fromArray(HALF, runs, i).castShape(DOUBLES, 0));
        }
        return sum.reduceLanes(ADD);
    }

    double squaredCandidate() {
        return squaredReference - 2 * referenceTimesError + squaredError;
    }

    void addTo(Statistics into, MemorySegment a, MemorySegment b, long from) {
        into.elements += Measurement.BLOCK;
        into.squaredError += squaredError;
        into.absoluteError += absoluteError;
        into.squaredReference += squaredReference;
        into.squaredCandidate += squaredCandidate();
        into.product += squaredReference - referenceTimesError;
        into.minReference = Math.min(into.minReference, value(minReference));
        into.maxReference = Math.max(into.maxReference, value(maxReference));
        into.maxRelative = Math.max(into.maxRelative, Float.intBitsToFloat(maxRelative));
        into.maxUlp = Math.max(into.maxUlp, maxDistance);
        float largest = Float.intBitsToFloat(maxError);
        if (into.maxAbsoluteIndex < 0 || largest > into.maxAbsolute) {
            into.raiseMaxAbsolute(largest, from + firstAt(a, b, from * Float.BYTES));
        }
    }

    private static float value(int ordinal) {
        return ordinal < 0 ? -Float.intBitsToFloat(-ordinal) : Float.intBitsToFloat(ordinal);
    }

    /** The place in the block of the first of the largest errors. */
    private int firstAt(MemorySegment a, MemorySegment b, long offset) {
        for (int i = 0; i < Measurement.BLOCK; i += LANES) {
            long at = offset + (long) i * Float.BYTES;
            FloatVector x = FloatVector.fromMemorySegment(FLOATS, a, at, LITTLE);
            FloatVector e = x.sub(FloatVector.fromMemorySegment(FLOATS, b, at, LITTLE));
            VectorMask<Integer> found = e.reinterpretAsInts().and(MAGNITUDE).compare(EQ, maxError);
            if (found.anyTrue()) {
                return i + found.firstTrue();
            }
        }
        throw new IllegalStateException("the largest error is in none of the block's elements");
    }
}
