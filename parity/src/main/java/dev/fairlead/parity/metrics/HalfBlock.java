package dev.fairlead.parity.metrics;

import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.UMAX;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/** What the vector loops find in one block of {@link Measurement#BLOCK} 16-bit floats; used again for the next block. */
final class HalfBlock {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final int LANES = FLOATS.length();
    private static final int RUN = Float32Block.RUN;
    private static final int MAGNITUDE = 0x7FFF_FFFF;
    private static final short HALF_MAGNITUDE = 0x7FFF;

    private final HalfFormat format;
    private final float[] squaredErrors = new float[Measurement.BLOCK / RUN];
    private final float[] squaredReferences = new float[Measurement.BLOCK / RUN];
    private final float[] products = new float[Measurement.BLOCK / RUN];
    private final float[] absolutes = new float[Measurement.BLOCK / RUN];
    private final int[] errors = new int[LANES];
    private final int[] above = new int[LANES];
    private final short[] highest = new short[2 * LANES];
    private final short[] lowest = new short[2 * LANES];
    private final short[] distances = new short[2 * LANES];
    private final short[] candidates = new short[2 * LANES];

    /** The block as float32: outside the heap as tensors are, so that the loops over them see one kind of memory. */
    private final MemorySegment reference =
            Arena.ofAuto().allocate((long) Measurement.BLOCK * Float.BYTES, FLOATS.vectorByteSize());

    private final MemorySegment candidate =
            Arena.ofAuto().allocate((long) Measurement.BLOCK * Float.BYTES, FLOATS.vectorByteSize());

    private int maxError;
    private int maxRelative;
    private int maxDistance;
    private int minReference;
    private int maxReference;
    private int maxCandidate;

    HalfBlock(HalfFormat format) {
        this.format = format;
    }

    /** As {@link Float32Block#scan}. */
    void scan(MemorySegment a, MemorySegment b, long offset, float maxRelativeSoFar) {
        // Next to nothing counts as nothing, for the products to stay clear of the subnormal numbers.
        loop(a, b, offset, maxRelativeSoFar < 0x1p-60f ? 0 : maxRelativeSoFar);
        maxError = Float32Block.max(errors);
        maxReference = max(highest, 0);
        // Upside down the smallest is the largest, and unsigned numbers are in order with their highest bit turned
        // over.
        minReference = ~max(lowest, -1);
        maxDistance = max(distances, Short.MIN_VALUE) - Short.MIN_VALUE;
        maxCandidate = max(candidates, 0);
        maxRelative = 0;
        if (ordinary() && Float32Block.max(above) > 0) {
            widen(a, b, offset);
            maxRelative = Float32Block.maxRelative(reference, candidate, 0);
        }
    }

    private static int max(short[] lanes, int flip) {
        return ShortVector.fromArray(SHORTS, lanes, 0)
                .lanewise(XOR, (short) flip)
                .reduceLanes(MAX);
    }

    /**
     * As the loop of {@link Float32Block}, with what needs no float32 done on 16 bits, twice as many at once: there the ordinals of any
     * two numbers are less than 2^16 apart. An integer holds two numbers; first those in the lower halves are widened, then the others.
     *
     * <p>Among 16-bit numbers the largest relative error is found again and again, and only a larger one is to be divided out. It is
     * larger where {@code error - divisor · (largest + half a unit of least precision)} is positive, which has no rounding but the last.
     */
    private void loop(MemorySegment a, MemorySegment b, long offset, float maxRelativeSoFar) {
        IntVector shift = IntVector.broadcast(INTS, format.shift());
        int mask = format.mask();
        FloatVector scale = FloatVector.broadcast(FLOATS, format.scale());
        FloatVector quotient = FloatVector.broadcast(FLOATS, -maxRelativeSoFar);
        FloatVector half = FloatVector.broadcast(FLOATS, -Math.ulp(maxRelativeSoFar) / 2);
        IntVector floor = IntVector.broadcast(INTS, Float.floatToRawIntBits((float) Statistics.RELATIVE_FLOOR));
        IntVector largest = IntVector.zero(INTS);
        IntVector exceeding = largest;
        ShortVector high = ShortVector.broadcast(SHORTS, Short.MIN_VALUE);
        ShortVector low = ShortVector.broadcast(SHORTS, Short.MAX_VALUE);
        ShortVector farthest = ShortVector.zero(SHORTS);
        ShortVector largestCandidate = farthest;
        for (int run = 0; run < Measurement.BLOCK; run += RUN * LANES) {
            FloatVector ee = FloatVector.zero(FLOATS);
            FloatVector xx = ee;
            FloatVector xe = ee;
            FloatVector absolute = ee;
            for (int i = run; i < run + RUN * LANES; i += 2 * LANES) {
                long at = offset + (long) i * Short.BYTES;
                IntVector twoX = IntVector.fromMemorySegment(INTS, a, at, LITTLE);
                IntVector twoY = IntVector.fromMemorySegment(INTS, b, at, LITTLE);
                ShortVector signX = twoX.reinterpretAsShorts().lanewise(ASHR, Short.SIZE - 1);
                ShortVector signY = twoY.reinterpretAsShorts().lanewise(ASHR, Short.SIZE - 1);
                ShortVector magnitudeY = twoY.reinterpretAsShorts().and(HALF_MAGNITUDE);
                ShortVector ordinalX = twoX.reinterpretAsShorts()
                        .and(HALF_MAGNITUDE)
                        .lanewise(XOR, signX)
                        .sub(signX);
                ShortVector ordinalY = magnitudeY.lanewise(XOR, signY).sub(signY);
                largestCandidate = largestCandidate.max(magnitudeY);
                high = high.max(ordinalX);
                low = low.min(ordinalX);
                farthest = farthest.lanewise(UMAX, ordinalX.max(ordinalY).sub(ordinalX.min(ordinalY)));
                IntVector placedX = twoX.lanewise(LSHL, Short.SIZE).lanewise(ASHR, shift);
                IntVector placedY = twoY.lanewise(LSHL, Short.SIZE).lanewise(ASHR, shift);
                FloatVector x = placedX.and(mask).reinterpretAsFloats().mul(scale);
                FloatVector e = x.sub(placedY.and(mask).reinterpretAsFloats().mul(scale));
                IntVector error = e.reinterpretAsInts().and(MAGNITUDE);
                ee = e.fma(e, ee);
                xx = x.fma(x, xx);
                xe = x.fma(e, xe);
                absolute = absolute.add(error.reinterpretAsFloats());
                largest = largest.max(error);
                FloatVector divisor =
                        x.reinterpretAsInts().and(MAGNITUDE).max(floor).reinterpretAsFloats();
                FloatVector excess = divisor.fma(half, divisor.fma(quotient, error.reinterpretAsFloats()));
                exceeding = exceeding.max(excess.reinterpretAsInts());
                placedX = twoX.lanewise(ASHR, shift);
                placedY = twoY.lanewise(ASHR, shift);
                x = placedX.and(mask).reinterpretAsFloats().mul(scale);
                e = x.sub(placedY.and(mask).reinterpretAsFloats().mul(scale));
                error = e.reinterpretAsInts().and(MAGNITUDE);
                ee = e.fma(e, ee);
                xx = x.fma(x, xx);
                xe = x.fma(e, xe);
                absolute = absolute.add(error.reinterpretAsFloats());
                largest = largest.max(error);
                divisor = x.reinterpretAsInts().and(MAGNITUDE).max(floor).reinterpretAsFloats();
                excess = divisor.fma(half, divisor.fma(quotient, error.reinterpretAsFloats()));
                exceeding = exceeding.max(excess.reinterpretAsInts());
            }
            int place = run / RUN;
            ee.intoArray(squaredErrors, place);
            xx.intoArray(squaredReferences, place);
            xe.intoArray(products, place);
            absolute.intoArray(absolutes, place);
        }
        largest.intoArray(errors, 0);
        exceeding.intoArray(above, 0);
        high.intoArray(highest, 0);
        low.intoArray(lowest, 0);
        farthest.intoArray(distances, 0);
        largestCandidate.intoArray(candidates, 0);
    }

    /**
     * Whether what {@link #scan} found is right; else the block has a number that is not finite, or squares that float32 does not hold.
     */
    boolean ordinary() {
        int magnitude = Math.max(maxReference, -minReference);
        return Math.max(magnitude, maxCandidate) < format.infinity()
                && Float32Block.inRange(maxError)
                && Float32Block.inRange(Float.floatToRawIntBits(format.value(magnitude)));
    }

    /**
     * Adds to all but the histograms; false, and nothing done, where too little would be left of the difference for the candidate's norm.
     */
    boolean addTo(Statistics into, Pair pair, long from) {
        double squaredError = Float32Block.sum(squaredErrors);
        double squaredReference = Float32Block.sum(squaredReferences);
        double referenceTimesError = Float32Block.sum(products);
        double squaredCandidate = squaredReference - 2 * referenceTimesError + squaredError;
        if (squaredCandidate < squaredReference * Float32Block.LEFT_OF_DIFFERENCE) {
            return false;
        }
        into.elements += Measurement.BLOCK;
        into.squaredError += squaredError;
        into.absoluteError += Float32Block.sum(absolutes);
        into.squaredReference += squaredReference;
        into.squaredCandidate += squaredCandidate;
        into.product += squaredReference - referenceTimesError;
        into.minReference = Math.min(into.minReference, value(minReference));
        into.maxReference = Math.max(into.maxReference, value(maxReference));
        into.maxRelative = Math.max(into.maxRelative, Float.intBitsToFloat(maxRelative));
        into.maxUlp = Math.max(into.maxUlp, maxDistance);
        float largest = Float.intBitsToFloat(maxError);
        if (into.maxAbsoluteIndex < 0 || largest > into.maxAbsolute) {
            into.raiseMaxAbsolute(largest, ScalarKernel.firstAt(pair, from, largest));
        }
        return true;
    }

    private float value(int ordinal) {
        return ordinal < 0 ? -format.value(-ordinal) : format.value(ordinal);
    }

    /** The histograms. */
    void count(MemorySegment a, MemorySegment b, long offset, Float32Keys keys, Statistics into) {
        widen(a, b, offset);
        keys.countErrors(reference, candidate, 0, into);
        int[] found = keys.distances();
        for (int i = 0; i < Measurement.BLOCK; i += 2 * LANES) {
            long at = offset + (long) i * Short.BYTES;
            IntVector x = IntVector.fromMemorySegment(INTS, a, at, LITTLE);
            IntVector y = IntVector.fromMemorySegment(INTS, b, at, LITTLE);
            distance(x.lanewise(LSHL, Short.SIZE), y.lanewise(LSHL, Short.SIZE)).intoArray(found, i);
            distance(x, y).intoArray(found, i + LANES);
        }
        keys.countDistances(into);
    }

    /** Of the numbers in the upper halves. */
    private static IntVector distance(IntVector x, IntVector y) {
        return ordinal(x).sub(ordinal(y)).lanewise(ABS);
    }

    private static IntVector ordinal(IntVector bits) {
        IntVector sign = bits.lanewise(ASHR, Integer.SIZE - 1);
        IntVector magnitude = bits.and(MAGNITUDE).lanewise(ASHR, Short.SIZE);
        return magnitude.lanewise(XOR, sign).sub(sign);
    }

    /** In an order of its own, the same for both. */
    private void widen(MemorySegment a, MemorySegment b, long offset) {
        widen(a, offset, reference);
        widen(b, offset, candidate);
    }

    private void widen(MemorySegment from, long offset, MemorySegment to) {
        IntVector shift = IntVector.broadcast(INTS, format.shift());
        for (int i = 0; i < Measurement.BLOCK; i += 2 * LANES) {
            IntVector two = IntVector.fromMemorySegment(INTS, from, offset + (long) i * Short.BYTES, LITTLE);
            IntVector placed = two.lanewise(LSHL, Short.SIZE).lanewise(ASHR, shift);
            long at = (long) i * Float.BYTES;
            widened(placed).intoMemorySegment(to, at, LITTLE);
            widened(two.lanewise(ASHR, shift)).intoMemorySegment(to, at + FLOATS.vectorByteSize(), LITTLE);
        }
    }

    private FloatVector widened(IntVector placed) {
        return placed.and(format.mask()).reinterpretAsFloats().mul(format.scale());
    }
}
