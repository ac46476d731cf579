package dev.fairlead.parity.metrics;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.MIN;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/** What the vector loop finds in one block of {@link Measurement#BLOCK} float64; used again for the next block. */
final class Float64Block {
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final int LANES = DOUBLES.length();

    /** Below this no sum of squares of a block overflows. */
    private static final double LARGE = 0x1p500;

    /** From this on the largest square outweighs what all others of a block may lose to underflow. */
    private static final double SMALL = 0x1p-480;

    private double squaredError;
    private double squaredReference;
    private double squaredCandidate;
    private double product;
    private double absoluteError;
    private double maxError;
    private double maxCandidate;
    private double maxRelative;
    private long minReference;
    private long maxReference;
    private long maxDistance;
    private long minDistance;

    void scan(MemorySegment a, MemorySegment b, long offset) {
        DoubleVector floor = DoubleVector.broadcast(DOUBLES, Statistics.RELATIVE_FLOOR);
        DoubleVector ee = DoubleVector.zero(DOUBLES);
        DoubleVector xx = ee;
        DoubleVector yy = ee;
        DoubleVector xy = ee;
        DoubleVector absolute = ee;
        // Bits of numbers that are not negative are in order as integers, and a NaN is above them all.
        LongVector largest = LongVector.zero(LONGS);
        LongVector largestCandidate = largest;
        LongVector relatives = largest;
        LongVector farthest = largest;
        LongVector nearest = largest;
        LongVector highest = LongVector.broadcast(LONGS, Long.MIN_VALUE);
        LongVector lowest = LongVector.broadcast(LONGS, Long.MAX_VALUE);
        for (int i = 0; i < Measurement.BLOCK; i += LANES) {
            long at = offset + (long) i * Double.BYTES;
            DoubleVector x = DoubleVector.fromMemorySegment(DOUBLES, a, at, LITTLE);
            DoubleVector y = DoubleVector.fromMemorySegment(DOUBLES, b, at, LITTLE);
            DoubleVector e = x.sub(y);
            LongVector error = e.reinterpretAsLongs().and(Long.MAX_VALUE);
            LongVector magnitudeX = x.reinterpretAsLongs().and(Long.MAX_VALUE);
            LongVector magnitudeY = y.reinterpretAsLongs().and(Long.MAX_VALUE);
            ee = e.fma(e, ee);
            xx = x.fma(x, xx);
            yy = y.fma(y, yy);
            xy = x.fma(y, xy);
            absolute = absolute.add(error.reinterpretAsDoubles());
            largest = largest.max(error);
            largestCandidate = largestCandidate.max(magnitudeY);
            DoubleVector divisor = magnitudeX.max(floor.reinterpretAsLongs()).reinterpretAsDoubles();
            relatives = relatives.max(error.reinterpretAsDoubles().div(divisor).reinterpretAsLongs());
            LongVector signX = x.reinterpretAsLongs().lanewise(ASHR, Long.SIZE - 1);
            LongVector signY = y.reinterpretAsLongs().lanewise(ASHR, Long.SIZE - 1);
            LongVector ordinalX = magnitudeX.lanewise(XOR, signX).sub(signX);
            LongVector ordinalY = magnitudeY.lanewise(XOR, signY).sub(signY);
            LongVector distance = ordinalX.max(ordinalY).sub(ordinalX.min(ordinalY));
            farthest = farthest.max(distance);
            nearest = nearest.min(distance);
            highest = highest.max(ordinalX);
            lowest = lowest.min(ordinalX);
        }
        squaredError = ee.reduceLanes(ADD);
        squaredReference = xx.reduceLanes(ADD);
        squaredCandidate = yy.reduceLanes(ADD);
        product = xy.reduceLanes(ADD);
        absoluteError = absolute.reduceLanes(ADD);
        maxError = Double.longBitsToDouble(largest.reduceLanes(MAX));
        maxCandidate = Double.longBitsToDouble(largestCandidate.reduceLanes(MAX));
        maxRelative = Double.longBitsToDouble(relatives.reduceLanes(MAX));
        maxReference = highest.reduceLanes(MAX);
        minReference = lowest.reduceLanes(MIN);
        maxDistance = farthest.reduceLanes(MAX);
        minDistance = nearest.reduceLanes(MIN);
    }

    /** Whether what {@link #scan} found is right; else a number is not finite, a square out of range, or a distance 2^63 or more. */
    boolean ordinary() {
        double reference = Math.max(value(maxReference), -value(minReference));
        return minDistance >= 0 && inRange(maxError) && inRange(reference) && inRange(maxCandidate);
    }

    private static boolean inRange(double value) {
        return value == 0 || (value >= SMALL && value < LARGE);
    }

    void addTo(Statistics into, Pair pair, long from) {
        into.elements += Measurement.BLOCK;
        into.squaredError += squaredError;
        into.absoluteError += absoluteError;
        into.squaredReference += squaredReference;
        into.squaredCandidate += squaredCandidate;
        into.product += product;
        into.minReference = Math.min(into.minReference, value(minReference));
        into.maxReference = Math.max(into.maxReference, value(maxReference));
        into.maxRelative = Math.max(into.maxRelative, maxRelative);
        into.maxUlp = Math.max(into.maxUlp, maxDistance);
        if (into.maxAbsoluteIndex < 0 || maxError > into.maxAbsolute) {
            into.raiseMaxAbsolute(maxError, ScalarKernel.firstAt(pair, from, maxError));
        }
    }

    private static double value(long ordinal) {
        return ordinal < 0 ? -Double.longBitsToDouble(-ordinal) : Double.longBitsToDouble(ordinal);
    }
}
