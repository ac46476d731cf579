package dev.fairlead.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PackedTest {
    @Property
    void keepsEveryElementApart(
            @ForAll @IntRange(min = 1, max = 7) int bits, @ForAll @IntRange(max = 40) int count, @ForAll long seed) {
        MemorySegment data = MemorySegment.ofArray(new byte[(count * bits + 7) / 8]);
        int[] values = new Random(seed).ints(count, 0, 1 << bits).toArray();
        for (int i = count - 1; i >= 0; i--) {
            Packed.set(data, bits, i, -1);
            Packed.set(data, bits, i, values[i]);
        }
        for (int i = 0; i < count; i++) {
            assertThat(Packed.get(data, bits, i)).isEqualTo(values[i]);
        }
    }

    @Test
    void storesTheLowestBitsFirst() {
        byte[] bytes = new byte[2];
        MemorySegment data = MemorySegment.ofArray(bytes);
        Packed.set(data, 4, 0, 0x1);
        Packed.set(data, 4, 1, 0x2);
        Packed.set(data, 3, 3, 0b101);
        assertThat(bytes).containsExactly(0x21, 0b1010);
    }

    @Test
    void extendsSigns() {
        assertThat(Packed.signed(0b1000, 4)).isEqualTo(-8);
        assertThat(Packed.signed(0b0111, 4)).isEqualTo(7);
        assertThat(Packed.signed(0b10, 2)).isEqualTo(-2);
    }
}
