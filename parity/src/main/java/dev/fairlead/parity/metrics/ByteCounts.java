package dev.fairlead.parity.metrics;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Counts the bytes of a block by value: by comparison, four values a scan, from the largest downwards until every byte
 * is counted. An increment per byte would be slower than everything else together.
 */
final class ByteCounts {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    private ByteCounts() {}

    /**
     * Adds to {@code counts[0]} the zeros, to {@code counts[value - shift]} the others.
     *
     * @param keys {@link Measurement#BLOCK} bytes, at most 255 for each lane of a vector, as integers
     * @param top the largest byte, unsigned
     */
    static void count(int[] keys, int top, long[] counts, int shift) {
        int left = Measurement.BLOCK - add(keys, counts, 0, top, top - 1, top - 2, shift);
        for (int key = top - 3; left > 0; key -= 4) {
            left -= add(keys, counts, key, key - 1, key - 2, key - 3, shift);
        }
    }

    /** Values below 1 but for the first zero are wrapped or repeated, and must not be counted. */
    private static int add(int[] keys, long[] counts, int k0, int k1, int k2, int k3, int shift) {
        ByteVector v0 = ByteVector.broadcast(BYTES, (byte) k0);
        ByteVector v1 = ByteVector.broadcast(BYTES, (byte) k1);
        ByteVector v2 = ByteVector.broadcast(BYTES, (byte) k2);
        ByteVector v3 = ByteVector.broadcast(BYTES, (byte) k3);
        ByteVector c0 = ByteVector.zero(BYTES);
        ByteVector c1 = c0;
        ByteVector c2 = c0;
        ByteVector c3 = c0;
        for (int i = 0; i < Measurement.BLOCK / Integer.BYTES; i += INTS.length()) {
            ByteVector bytes = IntVector.fromArray(INTS, keys, i).reinterpretAsBytes();
            c0 = c0.sub(bytes.compare(EQ, v0).toVector());
            c1 = c1.sub(bytes.compare(EQ, v1).toVector());
            c2 = c2.sub(bytes.compare(EQ, v2).toVector());
            c3 = c3.sub(bytes.compare(EQ, v3).toVector());
        }
        int counted = sum(c0);
        counts[k0 == 0 ? 0 : k0 - shift] += counted;
        counted += add(counts, k1, shift, c1);
        counted += add(counts, k2, shift, c2);
        return counted + add(counts, k3, shift, c3);
    }

    private static int add(long[] counts, int key, int shift, ByteVector lanes) {
        if (key < 1) {
            return 0;
        }
        int count = sum(lanes);
        if (count > 0) {
            counts[key - shift] += count;
        }
        return count;
    }

    private static int sum(ByteVector counts) {
        IntVector lanes = counts.reinterpretAsInts();
        IntVector pairs = lanes.and(0x00FF_00FF).add(lanes.lanewise(LSHR, 8).and(0x00FF_00FF));
        return pairs.and(0xFFFF).add(pairs.lanewise(LSHR, 16)).reduceLanes(ADD);
    }
}
