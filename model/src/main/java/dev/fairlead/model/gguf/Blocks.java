package dev.fairlead.model.gguf;

import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Decodes blocks as {@code ggml-quants.c} defines them, in float32: every product is exact there, and where an offset is added, the sum is
 * rounded once.
 */
final class Blocks {
    private static final int K = 256;

    private final MemorySegment from;
    private final MemorySegment to;

    /** @param to float32 */
    Blocks(MemorySegment from, MemorySegment to) {
        this.from = from;
        this.to = to;
    }

    /** @throws IllegalArgumentException for a type without blocks */
    void decode(GgufType type) {
        long blocks = from.byteSize() / type.blockBytes();
        for (long block = 0; block < blocks; block++) {
            long at = block * type.blockBytes();
            long out = block * type.blockElements();
            switch (type) {
                case Q4_0 -> fours(at + 2, out, half(at));
                case Q4_1 -> fours(at + 4, out, half(at), half(at + 2));
                case Q8_0 -> eights(at, out);
                case Q4_K -> superFours(at, out);
                case Q6_K -> superSixes(at, out);
                case F32, F16, BF16, F64, I8, I16, I32, I64 ->
                    throw new IllegalArgumentException("type: " + type + " has no blocks");
            }
        }
    }

    /** 16 bytes: their low halves are the first 16 elements, their high halves the others. Adding nothing keeps a zero's sign. */
    private void fours(long at, long out, float scale) {
        for (int i = 0; i < 16; i++) {
            int pair = unsigned(at + i);
            put(out + i, scale * ((pair & 0xF) - 8));
            put(out + i + 16, scale * ((pair >>> 4) - 8));
        }
    }

    private void fours(long at, long out, float scale, float offset) {
        for (int i = 0; i < 16; i++) {
            int pair = unsigned(at + i);
            put(out + i, scale * (pair & 0xF) + offset);
            put(out + i + 16, scale * (pair >>> 4) + offset);
        }
    }

    private void eights(long at, long out) {
        float scale = half(at);
        for (int i = 0; i < 32; i++) {
            put(out + i, scale * from.get(ValueLayout.JAVA_BYTE, at + 2 + i));
        }
    }

    /** Scale and minimum of the super-block, eight pairs of 6 bits in 12 bytes, and 128 bytes of halves, 64 elements each 32 bytes. */
    private void superFours(long at, long out) {
        float scale = half(at);
        float minimum = half(at + 2);
        for (int group = 0; group < 8; group++) {
            float d = scale * sixBits(at + 4, group, false);
            float m = minimum * sixBits(at + 4, group, true);
            long bytes = at + 16 + group / 2 * 32L;
            for (int i = 0; i < 32; i++) {
                int pair = unsigned(bytes + i);
                int q = group % 2 == 0 ? pair & 0xF : pair >>> 4;
                put(out + group * 32L + i, d * q - m);
            }
        }
    }

    /** Four scales, four minimums, then four bytes with the low bits of the last of both; the first eight bytes hold the high ones. */
    private int sixBits(long at, int group, boolean minimum) {
        int plain = minimum ? 4 : 0;
        if (group < 4) {
            return unsigned(at + plain + group) & 0x3F;
        }
        int low = unsigned(at + 8 + group - 4);
        int high = unsigned(at + plain + group - 4) >>> 6;
        return (minimum ? low >>> 4 : low & 0xF) | (high << 4);
    }

    /** 128 bytes of low halves, 64 of upper pairs of bits, 16 scales of 8 bits, and the scale of all. */
    private void superSixes(long at, long out) {
        float scale = half(at + 208);
        for (int i = 0; i < K; i++) {
            int part = i / 128;
            int within = i % 128;
            int low = unsigned(at + part * 64L + within % 64);
            int nibble = within < 64 ? low & 0xF : low >>> 4;
            int high = (unsigned(at + 128 + part * 32L + within % 32) >>> (within / 32 * 2)) & 3;
            float d = scale * from.get(ValueLayout.JAVA_BYTE, at + 192 + i / 16);
            put(out + i, d * ((nibble | (high << 4)) - 32));
        }
    }

    private float half(long at) {
        return Float.float16ToFloat(from.get(Tensor.SHORT, at));
    }

    private int unsigned(long at) {
        return from.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
    }

    private void put(long index, float value) {
        to.set(Tensor.FLOAT, index * 4, value);
    }
}
