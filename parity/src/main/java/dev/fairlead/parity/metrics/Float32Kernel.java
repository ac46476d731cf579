package dev.fairlead.parity.metrics;

import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.F2D;
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
import jdk.incubator.vector.VectorSpecies;

/**
 * float32 against float32, vectorised.
 *
 * <p>A block is read three times, twice of these from the first-level cache, because one loop over everything would need
 * more registers than there are. Each loop leaves one byte per element, the biased exponent of the error, the relative
 * error or the distance; {@link ByteCounts} then counts those without a scattered write. Blocks with what the loops
 * leave out go to the scalar kernel: a value that is not finite or near overflow, two values of different sign, a
 * candidate far smaller than its reference, and a block that is not full.
 */
final class Float32Kernel implements Kernel {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final int LANES = FLOATS.length();
    private static final int GROUP = 4 * LANES;
    private static final int SIGN = 0x8000_0000;
    private static final int MAGNITUDE = 0x7FFF_FFFF;
    private static final int MANTISSA_BITS = 23;

    /** Errors below this leave room for every float32 sum and quotient of a group. */
    private static final int SAFE = Float.floatToRawIntBits(0x1p100f);

    private final ScalarKernel scalar = new ScalarKernel();

    @Override
    public void add(Pair pair, long from, long to, Statistics into) {
        if (to - from != Measurement.BLOCK) {
            scalar.add(pair, from, to, into);
            return;
        }
        Block block = new Block();
        MemorySegment a = pair.reference().data();
        MemorySegment b = pair.candidate().data();
        block.distances(a, b, from * Float.BYTES);
        if (block.signs < 0 || block.maxError >= SAFE) {
            scalar.add(pair, from, to, into);
            return;
        }
        block.sums(a, b, from * Float.BYTES);
        if (block.squaredCandidate() < block.squaredReference * 0x1p-10) {
            scalar.add(pair, from, to, into);
            return;
        }
        block.relativeErrors(a, b, from * Float.BYTES);
        block.addTo(into, pair, from);
    }

    /** What the loops find in one block. */
    private static final class Block {
        final int[] distanceKeys = new int[Measurement.BLOCK / Integer.BYTES];
        final int[] absoluteKeys = new int[Measurement.BLOCK / Integer.BYTES];
        final int[] relativeKeys = new int[Measurement.BLOCK / Integer.BYTES];
        int signs;
        int maxError;
        int maxDistance;
        int maxRelative;
        double squaredError;
        double squaredReference;
        double referenceTimesError;
        double absoluteError;
        double relativeError;
        float minReference;
        float maxReference;

        void distances(MemorySegment a, MemorySegment b, long offset) {
            IntVector errors = IntVector.zero(INTS);
            IntVector different = errors;
            IntVector distances = errors;
            for (int i = 0; i < Measurement.BLOCK; i += GROUP) {
                IntVector distanceKey = IntVector.zero(INTS);
                IntVector absoluteKey = distanceKey;
                for (int j = 0; j < GROUP; j += LANES) {
                    long at = offset + (long) (i + j) * Float.BYTES;
                    FloatVector x = FloatVector.fromMemorySegment(FLOATS, a, at, LITTLE);
                    FloatVector y = FloatVector.fromMemorySegment(FLOATS, b, at, LITTLE);
                    IntVector xBits = x.reinterpretAsInts();
                    IntVector yBits = y.reinterpretAsInts();
                    IntVector error = x.sub(y).reinterpretAsInts().and(MAGNITUDE);
                    errors = errors.max(error);
                    different = different.or(xBits.lanewise(XOR, yBits));
                    // Of one sign, so the bits are as far apart as the values are in units of least precision.
                    IntVector distance = xBits.sub(yBits).lanewise(ABS);
                    distances = distances.max(distance);
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
            signs = different.reduceLanes(OR);
            maxDistance = distances.reduceLanes(MAX);
        }

        void sums(MemorySegment a, MemorySegment b, long offset) {
            DoubleVector error0 = DoubleVector.zero(DOUBLES);
            DoubleVector error1 = error0;
            DoubleVector reference0 = error0;
            DoubleVector reference1 = error0;
            DoubleVector product0 = error0;
            DoubleVector product1 = error0;
            IntVector signedMin = IntVector.broadcast(INTS, Integer.MAX_VALUE);
            IntVector signedMax = IntVector.broadcast(INTS, Integer.MIN_VALUE);
            IntVector flippedMin = signedMin;
            IntVector flippedMax = signedMax;
            for (int i = 0; i < Measurement.BLOCK; i += LANES) {
                long at = offset + (long) i * Float.BYTES;
                FloatVector x = FloatVector.fromMemorySegment(FLOATS, a, at, LITTLE);
                FloatVector e = x.sub(FloatVector.fromMemorySegment(FLOATS, b, at, LITTLE));
                IntVector bits = x.reinterpretAsInts();
                signedMin = signedMin.min(bits);
                signedMax = signedMax.max(bits);
                IntVector flipped = bits.lanewise(XOR, SIGN);
                flippedMin = flippedMin.min(flipped);
                flippedMax = flippedMax.max(flipped);
                DoubleVector x0 = (DoubleVector) x.convert(F2D, 0);
                DoubleVector x1 = (DoubleVector) x.convert(F2D, 1);
                DoubleVector e0 = (DoubleVector) e.convert(F2D, 0);
                DoubleVector e1 = (DoubleVector) e.convert(F2D, 1);
                error0 = e0.fma(e0, error0);
                error1 = e1.fma(e1, error1);
                reference0 = x0.fma(x0, reference0);
                reference1 = x1.fma(x1, reference1);
                product0 = x0.fma(e0, product0);
                product1 = x1.fma(e1, product1);
            }
            squaredError = error0.add(error1).reduceLanes(ADD);
            squaredReference = reference0.add(reference1).reduceLanes(ADD);
            referenceTimesError = product0.add(product1).reduceLanes(ADD);
            // Read as signed integers, floats of either sign alone grow with their magnitude.
            int positive = signedMax.reduceLanes(MAX);
            int negative = flippedMax.reduceLanes(MAX) ^ SIGN;
            maxReference = Float.intBitsToFloat(positive >= 0 ? positive : flippedMin.reduceLanes(MIN) ^ SIGN);
            minReference = Float.intBitsToFloat(negative < 0 ? negative : signedMin.reduceLanes(MIN));
        }

        void relativeErrors(MemorySegment a, MemorySegment b, long offset) {
            IntVector floor = IntVector.broadcast(INTS, Float.floatToRawIntBits((float) Statistics.RELATIVE_FLOOR));
            IntVector relatives = IntVector.zero(INTS);
            DoubleVector absolute0 = DoubleVector.zero(DOUBLES);
            DoubleVector absolute1 = absolute0;
            DoubleVector relative0 = absolute0;
            DoubleVector relative1 = absolute0;
            for (int i = 0; i < Measurement.BLOCK; i += GROUP) {
                IntVector relativeKey = IntVector.zero(INTS);
                FloatVector absoluteGroup = FloatVector.zero(FLOATS);
                FloatVector relativeGroup = absoluteGroup;
                for (int j = 0; j < GROUP; j += LANES) {
                    long at = offset + (long) (i + j) * Float.BYTES;
                    FloatVector x = FloatVector.fromMemorySegment(FLOATS, a, at, LITTLE);
                    FloatVector y = FloatVector.fromMemorySegment(FLOATS, b, at, LITTLE);
                    FloatVector error =
                            x.sub(y).reinterpretAsInts().and(MAGNITUDE).reinterpretAsFloats();
                    IntVector divisor = x.reinterpretAsInts().and(MAGNITUDE).max(floor);
                    FloatVector relative = error.div(divisor.reinterpretAsFloats());
                    IntVector bits = relative.reinterpretAsInts();
                    relatives = relatives.max(bits);
                    absoluteGroup = absoluteGroup.add(error);
                    relativeGroup = relativeGroup.add(relative);
                    relativeKey = relativeKey.lanewise(LSHL, Byte.SIZE).or(bits.lanewise(LSHR, MANTISSA_BITS));
                }
                absolute0 = absolute0.add((DoubleVector) absoluteGroup.convert(F2D, 0));
                absolute1 = absolute1.add((DoubleVector) absoluteGroup.convert(F2D, 1));
                relative0 = relative0.add((DoubleVector) relativeGroup.convert(F2D, 0));
                relative1 = relative1.add((DoubleVector) relativeGroup.convert(F2D, 1));
                relativeKey.intoArray(relativeKeys, i / Integer.BYTES);
            }
            absoluteError = absolute0.add(absolute1).reduceLanes(ADD);
            relativeError = relative0.add(relative1).reduceLanes(ADD);
            maxRelative = relatives.reduceLanes(MAX);
        }

        double squaredCandidate() {
            return squaredReference - 2 * referenceTimesError + squaredError;
        }

        void addTo(Statistics into, Pair pair, long from) {
            into.elements += Measurement.BLOCK;
            into.squaredError += squaredError;
            into.absoluteError += absoluteError;
            into.relativeError += relativeError;
            into.squaredReference += squaredReference;
            into.squaredCandidate += squaredCandidate();
            into.product += squaredReference - referenceTimesError;
            into.minReference = Math.min(into.minReference, minReference);
            into.maxReference = Math.max(into.maxReference, maxReference);
            into.maxRelative = Math.max(into.maxRelative, Float.intBitsToFloat(maxRelative));
            into.maxUlp = Math.max(into.maxUlp, maxDistance);
            float largest = Float.intBitsToFloat(maxError);
            if (into.maxAbsoluteIndex < 0 || largest > into.maxAbsolute) {
                into.raiseMaxAbsolute(largest, firstAt(pair, from, largest));
            }
            ByteCounts.count(absoluteKeys, maxError >>> MANTISSA_BITS, into.absolute.counts, 0);
            ByteCounts.count(relativeKeys, maxRelative >>> MANTISSA_BITS, into.relative.counts, 0);
            int topBit = Statistics.ulpBucket(maxDistance);
            ByteCounts.count(distanceKeys, topBit == 0 ? 0 : topBit + 126, into.ulp, 126);
        }

        private static long firstAt(Pair pair, long from, float error) {
            long index = from;
            while (Math.abs((float) pair.reference().doubleAt(index)
                            - (float) pair.candidate().doubleAt(index))
                    != error) {
                index++;
            }
            return index;
        }
    }
}
