package dev.fairlead.parity.metrics;

import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.MIN;
import static jdk.incubator.vector.VectorOperators.NOT;
import static jdk.incubator.vector.VectorOperators.OR;
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
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final int LANES = FLOATS.length();

    /** Elements whose keys fill one vector of bytes. */
    private static final int GROUP = Integer.BYTES * LANES;

    /** float32 terms that are summed in each lane before the sum is widened; groups of four of them. */
    static final int RUN = 16;

    private static final int MAGNITUDE = 0x7FFF_FFFF;
    private static final int MANTISSA_BITS = 23;

    /** Below this no sum of squares of a run and no quotient overflows. */
    private static final int LARGE = Float.floatToRawIntBits(0x1p58f);

    /** From this on the largest square outweighs, by 2^30, what all others of a block may lose to underflow. */
    private static final int SMALL = Float.floatToRawIntBits(0x1p-54f);

    /**
     * Two values of different sign are 2^31 or more units of least precision apart only if they are this far apart: 2 and -2
     * are the nearest, for the number of floats up to a value is concave in it.
     */
    private static final int FAR = Float.floatToRawIntBits(4f);

    private final int[] distanceKeys = new int[Measurement.BLOCK / Integer.BYTES];
    private final int[] absoluteKeys = new int[Measurement.BLOCK / Integer.BYTES];
    private final int[] relativeKeys = new int[Measurement.BLOCK / Integer.BYTES];
    private final float[] squaredErrors = new float[Measurement.BLOCK / RUN];
    private final float[] squaredReferences = new float[Measurement.BLOCK / RUN];
    private final float[] products = new float[Measurement.BLOCK / RUN];
    private final float[] absolutes = new float[Measurement.BLOCK / RUN];
    private final float[] relativeSums = new float[Measurement.BLOCK / RUN];
    private int maxError;
    private int maxDistance;
    private int signs;
    private int maxRelative;
    private int minReference;
    private int maxReference;
    private double squaredError;
    double squaredReference;
    private double referenceTimesError;
    private double absoluteError;
    private double relativeError;

    /** Everything that integer arithmetic finds: extrema, distances, errors' exponents. */
    void distances(MemorySegment a, MemorySegment b, long offset) {
        IntVector errors = IntVector.zero(INTS);
        IntVector distances = errors;
        IntVector different = errors;
        IntVector smallest = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        IntVector largest = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        for (int i = 0; i < Measurement.BLOCK; i += GROUP) {
            IntVector distanceKey = IntVector.zero(INTS);
            IntVector absoluteKey = distanceKey;
            for (int j = 0; j < GROUP; j += LANES) {
                long at = offset + (long) (i + j) * Float.BYTES;
                FloatVector x = FloatVector.fromMemorySegment(FLOATS, a, at, LITTLE);
                FloatVector y = FloatVector.fromMemorySegment(FLOATS, b, at, LITTLE);
                IntVector error = x.sub(y).reinterpretAsInts().and(MAGNITUDE);
                errors = errors.max(error);
                IntVector xOrdinal = ordinal(x);
                smallest = smallest.min(xOrdinal);
                largest = largest.max(xOrdinal);
                IntVector distance = xOrdinal.sub(ordinal(y)).lanewise(ABS);
                distances = distances.max(distance);
                different = different.or(x.reinterpretAsInts().lanewise(XOR, y.reinterpretAsInts()));
                // Clearing the bit below the highest one keeps the conversion from rounding up to the next power.
                IntVector rounded = distance.and(distance.lanewise(LSHR, 1).lanewise(NOT));
                IntVector exponent = ((FloatVector) rounded.convert(I2F, 0))
                        .reinterpretAsInts()
                        .lanewise(LSHR, MANTISSA_BITS);
                distanceKey = distanceKey.lanewise(LSHL, Byte.SIZE).or(exponent);
                absoluteKey = absoluteKey.lanewise(LSHL, Byte.SIZE).or(error.lanewise(LSHR, MANTISSA_BITS));
            }
            distanceKey.intoArray(distanceKeys, i / Integer.BYTES);
            absoluteKey.intoArray(absoluteKeys, i / Integer.BYTES);
        }
        maxError = errors.reduceLanes(MAX);
        maxDistance = distances.reduceLanes(MAX);
        signs = different.reduceLanes(OR);
        minReference = smallest.reduceLanes(MIN);
        maxReference = largest.reduceLanes(MAX);
    }

    /** A number that grows by one from each float to the next, as {@link Pair#ordinal} gives it. */
    private static IntVector ordinal(FloatVector values) {
        IntVector bits = values.reinterpretAsInts();
        IntVector sign = bits.lanewise(ASHR, Integer.SIZE - 1);
        return bits.and(MAGNITUDE).lanewise(XOR, sign).sub(sign);
    }

    /** Whether {@link #sums} may be used, and what {@link #distances} found is right. */
    boolean ordinary() {
        int magnitude = Math.max(maxReference, -minReference);
        return (signs >= 0 || maxError < FAR) && inRange(maxError) && inRange(magnitude);
    }

    private static boolean inRange(int bits) {
        return bits == 0 || (bits >= SMALL && bits < LARGE);
    }

    /** Everything that is summed, and relative errors. */
    void sums(MemorySegment a, MemorySegment b, long offset) {
        IntVector floor = IntVector.broadcast(INTS, Float.floatToRawIntBits((float) Statistics.RELATIVE_FLOOR));
        IntVector relatives = IntVector.zero(INTS);
        for (int run = 0; run < Measurement.BLOCK; run += RUN * LANES) {
            int place = run / RUN;
            FloatVector ee = FloatVector.zero(FLOATS);
            FloatVector xx = ee;
            FloatVector xe = ee;
            FloatVector absolute = ee;
            FloatVector relative = ee;
            for (int i = run; i < run + RUN * LANES; i += GROUP) {
                IntVector relativeKey = IntVector.zero(INTS);
                for (int j = 0; j < GROUP; j += LANES) {
                    long at = offset + (long) (i + j) * Float.BYTES;
                    FloatVector x = FloatVector.fromMemorySegment(FLOATS, a, at, LITTLE);
                    FloatVector e = x.sub(FloatVector.fromMemorySegment(FLOATS, b, at, LITTLE));
                    ee = e.fma(e, ee);
                    xx = x.fma(x, xx);
                    xe = x.fma(e, xe);
                    FloatVector error = e.reinterpretAsInts().and(MAGNITUDE).reinterpretAsFloats();
                    absolute = absolute.add(error);
                    IntVector divisor = x.reinterpretAsInts().and(MAGNITUDE).max(floor);
                    FloatVector quotient = error.div(divisor.reinterpretAsFloats());
                    relative = relative.add(quotient);
                    IntVector bits = quotient.reinterpretAsInts();
                    relatives = relatives.max(bits);
                    relativeKey = relativeKey.lanewise(LSHL, Byte.SIZE).or(bits.lanewise(LSHR, MANTISSA_BITS));
                }
                relativeKey.intoArray(relativeKeys, i / Integer.BYTES);
            }
            ee.intoArray(squaredErrors, place);
            xx.intoArray(squaredReferences, place);
            xe.intoArray(products, place);
            absolute.intoArray(absolutes, place);
            relative.intoArray(relativeSums, place);
        }
        squaredError = sum(squaredErrors);
        squaredReference = sum(squaredReferences);
        referenceTimesError = sum(products);
        absoluteError = sum(absolutes);
        relativeError = sum(relativeSums);
        maxRelative = relatives.reduceLanes(MAX);
    }

    /** In float64. */
    private static double sum(float[] runs) {
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
        into.relativeError += relativeError;
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
        ByteCounts.count(absoluteKeys, maxError >>> MANTISSA_BITS, into.absolute.counts, 0);
        ByteCounts.count(relativeKeys, maxRelative >>> MANTISSA_BITS, into.relative.counts, 0);
        int topBit = Statistics.ulpBucket(maxDistance);
        ByteCounts.count(distanceKeys, topBit == 0 ? 0 : topBit + 126, into.ulp, 126);
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
