package dev.fairlead.parity.metrics;

import static jdk.incubator.vector.VectorOperators.EQ;

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
     * @param keys {@link Measurement#BLOCK} bytes, four to an integer
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
        int c0 = 0;
        int c1 = 0;
        int c2 = 0;
        int c3 = 0;
        for (int i = 0; i < Measurement.BLOCK / Integer.BYTES; i += INTS.length()) {
            ByteVector bytes = IntVector.fromArray(INTS, keys, i).reinterpretAsBytes();
            c0 += bytes.compare(EQ, v0).trueCount();
            c1 += bytes.compare(EQ, v1).trueCount();
            c2 += bytes.compare(EQ, v2).trueCount();
            c3 += bytes.compare(EQ, v3).trueCount();
        }
        counts[k0 == 0 ? 0 : k0 - shift] += c0;
        return c0 + add(counts, k1, shift, c1) + add(counts, k2, shift, c2) + add(counts, k3, shift, c3);
    }

    private static int add(long[] counts, int key, int shift, int count) {
        if (key < 1 || count == 0) {
            return 0;
        }
        counts[key - shift] += count;
        return count;
    }
}
