package dev.fairlead.bench.parity;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** A vectorised read of two stretches of memory, the least that a comparison has to do. */
final class Reading {
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    private Reading() {}

    /** The sum of both as integers, or one more: not 0. */
    static int sum(MemorySegment a, MemorySegment b) {
        IntVector a0 = IntVector.zero(INTS);
        IntVector a1 = a0;
        IntVector b0 = a0;
        IntVector b1 = a0;
        int step = INTS.vectorByteSize();
        for (long at = 0; at < a.byteSize(); at += 2L * step) {
            a0 = a0.add(IntVector.fromMemorySegment(INTS, a, at, ByteOrder.LITTLE_ENDIAN));
            b0 = b0.add(IntVector.fromMemorySegment(INTS, b, at, ByteOrder.LITTLE_ENDIAN));
            a1 = a1.add(IntVector.fromMemorySegment(INTS, a, at + step, ByteOrder.LITTLE_ENDIAN));
            b1 = b1.add(IntVector.fromMemorySegment(INTS, b, at + step, ByteOrder.LITTLE_ENDIAN));
        }
        return a0.add(a1).add(b0.add(b1)).reduceLanes(VectorOperators.ADD) | 1;
    }
}
