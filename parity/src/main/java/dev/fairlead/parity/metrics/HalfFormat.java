package dev.fairlead.parity.metrics;

import dev.fairlead.model.tensor.DType;

/**
 * How a 16-bit float becomes a float32 by integer operations and one exact multiplication. With the number in the upper half of an
 * integer, its exponent and mantissa are moved to where float32 has them; what is left wrong is the bias, a power of two.
 *
 * @param shift bits to the right, the sign copied
 * @param mask what belongs to the number after the shift
 * @param scale makes up for the difference of the biases; a subnormal float16 is a subnormal float32
 *     until then, which processors multiply slowly: a block of nothing else takes three times as long
 * @param infinity its bits; those of a NaN are above
 */
record HalfFormat(int shift, int mask, float scale, int infinity) {
    private static final HalfFormat BINARY = new HalfFormat(3, 0x8FFF_E000, 0x1p112f, 0x7C00);
    private static final HalfFormat BRAIN = new HalfFormat(0, 0xFFFF_0000, 1, 0x7F80);

    static HalfFormat of(DType dtype) {
        return dtype == DType.FLOAT16 ? BINARY : BRAIN;
    }

    /** The float32 of a magnitude. */
    float value(int magnitude) {
        return Float.intBitsToFloat(magnitude << 16 >> shift) * scale;
    }
}
