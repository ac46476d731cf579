package dev.fairlead.parity.metrics;

import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.NOT;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The three histograms of one block, and the sum of its relative errors: a byte for each element, the biased exponent of its error,
 * relative error or distance, which {@link ByteCounts} then counts without a scattered write.
 */
final class Float32Keys {
    private static final VectorSpecies<Float> FLOATS = Float32Block.FLOATS;
    private static final VectorSpecies<Integer> INTS = Float32Block.INTS;
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final int LANES = FLOATS.length();

    /** Elements whose keys fill one vector of bytes. */
    private static final int GROUP = Integer.BYTES * LANES;

    private static final int MAGNITUDE = 0x7FFF_FFFF;
    private static final int MANTISSA_BITS = 23;

    private final int[] distances = new int[Measurement.BLOCK];
    private final int[] distanceKeys = new int[Measurement.BLOCK / Integer.BYTES];
    private final int[] absolutes = new int[Measurement.BLOCK / Integer.BYTES];
    private final int[] relatives = new int[Measurement.BLOCK / Integer.BYTES];
    private final float[] relativeSums = new float[Measurement.BLOCK / Integer.BYTES];

    /** Counts a whole block that {@link Float32Block#ordinary} holds for. */
    void count(MemorySegment a, MemorySegment b, long offset, Statistics into) {
        countErrors(a, b, offset, into);
        for (int i = 0; i < Measurement.BLOCK; i += LANES) {
            long at = offset + (long) i * Float.BYTES;
            IntVector x = ordinal(IntVector.fromMemorySegment(INTS, a, at, LITTLE));
            IntVector y = ordinal(IntVector.fromMemorySegment(INTS, b, at, LITTLE));
            x.sub(y).lanewise(ABS).intoArray(distances, i);
        }
        countDistances(into);
    }

    /** All but the distances. */
    void countErrors(MemorySegment a, MemorySegment b, long offset, Statistics into) {
        IntVector floor = Float32Block.floor();
        IntVector maxAbsolute = IntVector.zero(INTS);
        IntVector maxRelative = maxAbsolute;
        for (int i = 0; i < Measurement.BLOCK; i += GROUP) {
            IntVector absoluteKey = IntVector.zero(INTS);
            IntVector relativeKey = absoluteKey;
            FloatVector relativeSum = FloatVector.zero(FLOATS);
            for (int j = 0; j < GROUP; j += LANES) {
                long at = offset + (long) (i + j) * Float.BYTES;
                FloatVector x = FloatVector.fromMemorySegment(FLOATS, a, at, LITTLE);
                FloatVector y = FloatVector.fromMemorySegment(FLOATS, b, at, LITTLE);
                IntVector error = x.sub(y).reinterpretAsInts().and(MAGNITUDE);
                FloatVector quotient = Float32Block.quotient(error.reinterpretAsFloats(), x, floor);
                relativeSum = relativeSum.add(quotient);
                IntVector relative = quotient.reinterpretAsInts();
                maxAbsolute = maxAbsolute.max(error);
                maxRelative = maxRelative.max(relative);
                absoluteKey = absoluteKey.lanewise(LSHL, Byte.SIZE).or(error.lanewise(LSHR, MANTISSA_BITS));
                relativeKey = relativeKey.lanewise(LSHL, Byte.SIZE).or(relative.lanewise(LSHR, MANTISSA_BITS));
            }
            absoluteKey.intoArray(absolutes, i / Integer.BYTES);
            relativeKey.intoArray(relatives, i / Integer.BYTES);
            relativeSum.intoArray(relativeSums, i / Integer.BYTES);
        }
        into.relativeError += Float32Block.sum(relativeSums);
        ByteCounts.count(absolutes, maxAbsolute.reduceLanes(MAX) >>> MANTISSA_BITS, into.absolute.counts, 0);
        ByteCounts.count(relatives, maxRelative.reduceLanes(MAX) >>> MANTISSA_BITS, into.relative.counts, 0);
    }

    /** To be filled with a block's distances, each below 2^31, before {@link #countDistances}; in any order. */
    int[] distances() {
        return distances;
    }

    void countDistances(Statistics into) {
        IntVector largest = IntVector.zero(INTS);
        for (int i = 0; i < Measurement.BLOCK; i += GROUP) {
            IntVector key = IntVector.zero(INTS);
            for (int j = 0; j < GROUP; j += LANES) {
                IntVector distance = IntVector.fromArray(INTS, distances, i + j);
                largest = largest.max(distance);
                // Clearing the bit below the highest one keeps the conversion from rounding up to the next power.
                IntVector rounded = distance.and(distance.lanewise(LSHR, 1).lanewise(NOT));
                IntVector exponent = ((FloatVector) rounded.convert(I2F, 0))
                        .reinterpretAsInts()
                        .lanewise(LSHR, MANTISSA_BITS);
                key = key.lanewise(LSHL, Byte.SIZE).or(exponent);
            }
            key.intoArray(distanceKeys, i / Integer.BYTES);
        }
        int topBit = Statistics.ulpBucket(largest.reduceLanes(MAX));
        ByteCounts.count(distanceKeys, topBit == 0 ? 0 : topBit + 126, into.ulp, 126);
    }

    /** A number that grows by one from each float to the next, as {@link Pair#ordinal} gives it. */
    static IntVector ordinal(IntVector bits) {
        IntVector sign = bits.lanewise(ASHR, Integer.SIZE - 1);
        return bits.and(MAGNITUDE).lanewise(XOR, sign).sub(sign);
    }
}
