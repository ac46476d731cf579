package dev.fairlead.model.quantised;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * MLX's affine quantisation: integers of 2, 3, 4, 5, 6 or 8 bits in groups along the last axis, value = integer · scale + bias.
 *
 * @param packed uint32, the last axis holding {@code columns · bits / 32}; one little-endian stream of bits a row, least significant
 *     first
 * @param scales one a group, over the same leading axes
 * @param biases as scales
 */
public record AffineWeight(Tensor packed, Tensor scales, Tensor biases, int bits, int group) {
    public AffineWeight {
        if (packed.dtype() != DType.UINT32) {
            throw new IllegalArgumentException("packed: " + packed.dtype().text() + ", must be uint32");
        }
        if (bits < 2 || bits > 8 || bits == 7) {
            throw new IllegalArgumentException("bits: " + bits);
        }
        List<Long> shape = new ArrayList<>(packed.shape());
        long words = shape.removeLast();
        List<Long> groups = new ArrayList<>(scales.shape());
        long blocks = groups.removeLast();
        if (!shape.equals(groups) || !scales.shape().equals(biases.shape()) || words * 32 != blocks * group * bits) {
            throw new IllegalArgumentException("scales: " + scales.shape() + " for packed " + packed.shape() + " of "
                    + bits + " bits in groups of " + group);
        }
    }

    /** Numbers in a row. */
    public long columns() {
        return scales.shape().getLast() * group;
    }

    /** Rows of the last axis over all leading axes. */
    public long rows() {
        return packed.elements() / packed.shape().getLast();
    }

    /** Bits of an integer in {@link #payload}: 3, 5 and 6 bits have no type of their own there. */
    public int payloadBits() {
        return bits == 2 || bits == 4 ? bits : 8;
    }

    /**
     * The integers as bytes, {@code [leading…, groups, group · payloadBits / 8]}, the first integer lowest. At 2, 4 and 8 bits these are
     * MLX's own bytes, not copied.
     *
     * @param arena owner of the copy that other widths take
     */
    public Tensor payload(Arena arena) {
        List<Long> shape = new ArrayList<>(scales.shape());
        shape.add((long) group * payloadBits() / 8);
        if (bits == payloadBits()) {
            return new Tensor(DType.UINT8, shape, packed.data());
        }
        Tensor wide = Tensor.allocate(DType.UINT8, shape, arena);
        for (long i = 0; i < wide.elements(); i++) {
            wide.data().set(ValueLayout.JAVA_BYTE, i, (byte) integer(i));
        }
        return wide;
    }

    /** One integer by its row-major index. Rows are whole words, so the stream has no gaps between them. */
    public int integer(long index) {
        long bit = Math.multiplyExact(index, (long) bits);
        MemorySegment data = packed.data();
        int low = Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, bit >>> 3));
        int shift = (int) (bit & 7);
        int high = shift + bits > 8 ? Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, (bit >>> 3) + 1)) : 0;
        return ((high << 8 | low) >>> shift) & ((1 << bits) - 1);
    }
}
