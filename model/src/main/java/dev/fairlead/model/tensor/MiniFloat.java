package dev.fairlead.model.tensor;

/**
 * Floating formats of 4, 6 and 8 bits, after the OCP microscaling and 8-bit floating point specifications, and for the FNUZ
 * forms ONNX' page on float8.
 *
 * @param exponent bits of the exponent
 * @param mantissa bits of the mantissa
 * @param special what the codes that are no finite number stand for
 */
record MiniFloat(int exponent, int mantissa, int bias, Special special) {
    enum Special {
        /** All codes are numbers. */
        NONE,
        /** All bits but the sign set is NaN; there is no infinity. */
        NAN_ONLY,
        /** The code of negative zero is NaN; there is no infinity. */
        NEGATIVE_ZERO_IS_NAN,
        /** As IEEE 754 has it: the highest exponent is infinity, or NaN with a mantissa. */
        IEEE,
        /** No sign, no mantissa, no zero; all bits set is NaN. */
        POWER_OF_TWO
    }

    private static final MiniFloat E4M3FN = new MiniFloat(4, 3, 7, Special.NAN_ONLY);
    private static final MiniFloat E4M3FNUZ = new MiniFloat(4, 3, 8, Special.NEGATIVE_ZERO_IS_NAN);
    private static final MiniFloat E5M2 = new MiniFloat(5, 2, 15, Special.IEEE);
    private static final MiniFloat E5M2FNUZ = new MiniFloat(5, 2, 16, Special.NEGATIVE_ZERO_IS_NAN);
    private static final MiniFloat E8M0FNU = new MiniFloat(8, 0, 127, Special.POWER_OF_TWO);
    private static final MiniFloat E2M3FN = new MiniFloat(2, 3, 1, Special.NONE);
    private static final MiniFloat E3M2FN = new MiniFloat(3, 2, 3, Special.NONE);
    private static final MiniFloat E2M1FN = new MiniFloat(2, 1, 1, Special.NONE);

    /** @throws IllegalArgumentException for a type of 16 bits or more, or no floating type */
    static MiniFloat of(DType dtype) {
        return switch (dtype) {
            case FLOAT8_E4M3FN -> E4M3FN;
            case FLOAT8_E4M3FNUZ -> E4M3FNUZ;
            case FLOAT8_E5M2 -> E5M2;
            case FLOAT8_E5M2FNUZ -> E5M2FNUZ;
            case FLOAT8_E8M0FNU -> E8M0FNU;
            case FLOAT6_E2M3FN -> E2M3FN;
            case FLOAT6_E3M2FN -> E3M2FN;
            case FLOAT4_E2M1FN -> E2M1FN;
            case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> throw none(dtype);
            case UINT1, UINT2, UINT3, UINT4, UINT6, INT2, INT4 -> throw none(dtype);
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64, COMPLEX64, COMPLEX128 -> throw none(dtype);
        };
    }

    private static IllegalArgumentException none(DType dtype) {
        return new IllegalArgumentException(dtype.text() + " is no floating type of 8 bits or fewer");
    }

    /** Exact. */
    double toDouble(int code) {
        if (special == Special.POWER_OF_TWO) {
            return code == 0xFF ? Double.NaN : Math.scalb(1.0, code - bias);
        }
        int magnitude = code & (signBit() - 1);
        boolean negative = (code & signBit()) != 0;
        if (isNaN(magnitude, negative)) {
            return Double.NaN;
        }
        double value = magnitude == infinity() ? Double.POSITIVE_INFINITY : finite(magnitude);
        return negative ? -value : value;
    }

    /** The code nearest to a value, ties to even; what is beyond the finite range becomes infinity, or the largest value. */
    int nearest(double value) {
        if (special == Special.POWER_OF_TWO) {
            return nearestPower(value);
        }
        if (Double.isNaN(value)) {
            return switch (special) {
                // A format without NaN has negative zero for it, as ml_dtypes does.
                case NEGATIVE_ZERO_IS_NAN, NONE -> signBit();
                case NAN_ONLY, IEEE -> signBit() - 1;
                case POWER_OF_TWO -> 0xFF;
            };
        }
        boolean negative = Double.doubleToRawLongBits(value) < 0;
        int magnitude = nearestMagnitude(Math.abs(value));
        if (negative && special == Special.NEGATIVE_ZERO_IS_NAN && magnitude == 0) {
            return 0;
        }
        return negative ? magnitude | signBit() : magnitude;
    }

    private int nearestMagnitude(double value) {
        if (special == Special.IEEE && value >= finite(largest()) + ulp(largest()) / 2) {
            return infinity();
        }
        if (value >= finite(largest())) {
            return largest();
        }
        int low = 0;
        int high = largest();
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (finite(middle) <= value) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double below = value - finite(low);
        double above = finite(high) - value;
        if (below == above) {
            return (low & 1) == 0 ? low : high;
        }
        return below < above ? low : high;
    }

    private static int nearestPower(double value) {
        if (Double.isNaN(value)) {
            return 0xFF;
        }
        // No negative number is near a power of two; zero is nearest to the smallest.
        if (value < 0) {
            return 0xFF;
        }
        if (value < Math.scalb(1.0, -127)) {
            return 0;
        }
        if (value >= Math.scalb(1.0, 127)) {
            return 0xFE;
        }
        int power = Math.getExponent(value);
        boolean up = value >= Math.scalb(1.5, power);
        return Math.min(power + (up ? 1 : 0) + 127, 0xFE);
    }

    private double finite(int magnitude) {
        int power = magnitude >>> mantissa;
        int fraction = magnitude & ((1 << mantissa) - 1);
        return power == 0
                ? Math.scalb((double) fraction, 1 - bias - mantissa)
                : Math.scalb((double) ((1 << mantissa) + fraction), power - bias - mantissa);
    }

    private double ulp(int magnitude) {
        return finite(magnitude) - finite(magnitude - 1);
    }

    private int largest() {
        return switch (special) {
            case NONE, NEGATIVE_ZERO_IS_NAN -> signBit() - 1;
            case NAN_ONLY -> signBit() - 2;
            case IEEE -> infinity() - 1;
            case POWER_OF_TWO -> 0xFE;
        };
    }

    private int infinity() {
        return special == Special.IEEE ? ((1 << exponent) - 1) << mantissa : Integer.MAX_VALUE;
    }

    private boolean isNaN(int magnitude, boolean negative) {
        return switch (special) {
            case NONE, POWER_OF_TWO -> false;
            case NAN_ONLY -> magnitude == signBit() - 1;
            case NEGATIVE_ZERO_IS_NAN -> negative && magnitude == 0;
            case IEEE -> magnitude > infinity();
        };
    }

    private int signBit() {
        return 1 << (exponent + mantissa);
    }
}
