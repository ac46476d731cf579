package dev.fairlead.model.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Elements narrower than a byte, without gaps, least significant bits first. */
final class Packed {
    private Packed() {}

    /** The bits of one element, not extended by its sign. */
    static int get(MemorySegment data, int bits, long index) {
        long at = index * bits;
        int shift = (int) (at & 7);
        int word = Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, at >>> 3));
        if (shift + bits > 8) {
            word |= Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, (at >>> 3) + 1)) << 8;
        }
        return (word >>> shift) & mask(bits);
    }

    /** Stores the low bits of a value and leaves its neighbours. */
    static void set(MemorySegment data, int bits, long index, int value) {
        for (int bit = 0; bit < bits; bit++) {
            long at = index * bits + bit;
            int keep = data.get(ValueLayout.JAVA_BYTE, at >>> 3) & ~(1 << (at & 7));
            data.set(ValueLayout.JAVA_BYTE, at >>> 3, (byte) (keep | ((value >>> bit) & 1) << (at & 7)));
        }
    }

    static long signed(int value, int bits) {
        return ((long) value << (64 - bits)) >> (64 - bits);
    }

    private static int mask(int bits) {
        return (1 << bits) - 1;
    }
}
