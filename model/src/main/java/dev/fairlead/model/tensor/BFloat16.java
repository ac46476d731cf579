package dev.fairlead.model.tensor;

/** bfloat16: the upper half of a float32. */
public final class BFloat16 {
    private static final int QUIET_NAN = 0x7FC0;

    private BFloat16() {}

    /** Exact. */
    public static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** Rounds to nearest, ties to even; every NaN becomes a quiet NaN of its sign. */
    public static short fromFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (((bits >>> 16) & 0x8000) | QUIET_NAN);
        }
        int tieToEven = (bits >>> 16) & 1;
        return (short) ((bits + 0x7FFF + tieToEven) >>> 16);
    }
}
