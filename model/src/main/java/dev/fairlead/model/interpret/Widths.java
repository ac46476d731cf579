package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;

/** Integers at their declared width. */
final class Widths {
    private Widths() {}

    /** The low bits of a number, as the type reads them; anything but zero is true. */
    static long wrap(DType dtype, long value) {
        int spare = 64 - dtype.bits();
        return switch (dtype.kind()) {
            case BOOLEAN -> value == 0 ? 0 : 1;
            case SIGNED -> value << spare >> spare;
            case UNSIGNED -> value << spare >>> spare;
            case FLOATING, COMPLEX -> throw new IllegalArgumentException("dtype: " + dtype.text() + " is no integer");
        };
    }

    static int compare(DType dtype, long first, long second) {
        return dtype == DType.UINT64 ? Long.compareUnsigned(first, second) : Long.compare(first, second);
    }

    static double real(DType dtype, long value) {
        if (dtype != DType.UINT64 || value >= 0) {
            return value;
        }
        // Halving keeps the lowest bit sticky, so the result is rounded once.
        return (double) ((value >>> 1) | (value & 1)) * 2;
    }

    static long smallest(DType dtype) {
        return dtype.kind() == DType.Kind.SIGNED ? -1L << (dtype.bits() - 1) : 0;
    }

    static long largest(DType dtype) {
        return switch (dtype.kind()) {
            case BOOLEAN -> 1;
            case SIGNED -> ~(-1L << (dtype.bits() - 1));
            case UNSIGNED -> -1L >>> (64 - dtype.bits());
            case FLOATING, COMPLEX -> throw new IllegalArgumentException("dtype: " + dtype.text() + " is no integer");
        };
    }

    /**
     * A real number cut towards zero and then to its low bits, as casts have it in C and NumPy where the number fits 64 bits; NaN and
     * what does not fit are ONNX' "undefined".
     */
    static long truncated(DType dtype, double value) {
        if (dtype.kind() == DType.Kind.BOOLEAN) {
            return value == 0 ? 0 : 1;
        }
        if (dtype == DType.UINT64 && value >= 0x1p63) {
            return value >= 0x1p64 ? -1 : (long) (value - 0x1p63) ^ Long.MIN_VALUE;
        }
        return wrap(dtype, (long) value);
    }
}
