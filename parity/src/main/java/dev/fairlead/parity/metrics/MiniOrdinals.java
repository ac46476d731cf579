package dev.fairlead.parity.metrics;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Where a number stands among those of a floating type of 8 bits or fewer: the magnitudes of all its codes, in order. */
final class MiniOrdinals {
    private static final Map<DType, MiniOrdinals> ALL = new EnumMap<>(DType.class);

    static {
        for (DType dtype : DType.values()) {
            if (dtype.isMiniFloat()) {
                ALL.put(dtype, new MiniOrdinals(dtype));
            }
        }
    }

    private final double[] magnitudes;

    private MiniOrdinals(DType dtype) {
        Tensor codes = codes(dtype);
        magnitudes = LongStream.range(0, codes.elements())
                .mapToDouble(codes::doubleAt)
                .filter(Double::isFinite)
                .map(Math::abs)
                .sorted()
                .distinct()
                .toArray();
    }

    /** Every code once, in order. */
    private static Tensor codes(DType dtype) {
        int bits = dtype.bits();
        int count = 1 << bits;
        byte[] packed = new byte[(int) dtype.bytes(count)];
        for (int code = 0; code < count; code++) {
            for (int bit = 0; bit < bits; bit++) {
                int at = code * bits + bit;
                packed[at >> 3] |= (byte) ((code >> bit & 1) << (at & 7));
            }
        }
        return new Tensor(dtype, List.of((long) count), MemorySegment.ofArray(packed));
    }

    static MiniOrdinals of(DType dtype) {
        MiniOrdinals found = ALL.get(dtype);
        if (found == null) {
            throw new IllegalArgumentException(dtype.text() + " is no floating type of 8 bits or fewer");
        }
        return found;
    }

    /** Of the number of the type that is nearest, ties to even; beyond the largest, of that. */
    long ordinal(double value) {
        double magnitude = Math.abs(value);
        int found = Arrays.binarySearch(magnitudes, magnitude);
        int place = found >= 0 ? found : nearest(-found - 1, magnitude);
        return value < 0 ? -place : place;
    }

    private int nearest(int above, double magnitude) {
        if (above == 0 || above == magnitudes.length) {
            return Math.min(above, magnitudes.length - 1);
        }
        double toAbove = magnitudes[above] - magnitude;
        double toBelow = magnitude - magnitudes[above - 1];
        if (toAbove == toBelow) {
            return above % 2 == 0 ? above : above - 1;
        }
        return toAbove < toBelow ? above : above - 1;
    }
}
