package dev.fairlead.model.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damages bytes. The same generator gives the same damage. */
final class Mutator {
    private static final int MOST_DAMAGES = 6;
    private static final int HEADER = 256;
    private static final int LONGEST_CHUNK = 64;
    private static final long[] INTERESTING = {
        0,
        1,
        -1,
        2,
        4,
        7,
        8,
        16,
        31,
        32,
        63,
        64,
        100,
        127,
        128,
        255,
        256,
        1000,
        4096,
        65_535,
        65_536,
        1 << 20,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 31,
        1L << 32,
        1L << 40,
        1L << 61,
        1L << 62,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private final RandomGenerator random;
    private final List<byte[]> seeds;

    Mutator(RandomGenerator random, List<byte[]> seeds) {
        this.random = random;
        this.seeds = seeds;
    }

    byte[] next() {
        byte[] bytes = pick(seeds).clone();
        int damages = 1 + random.nextInt(MOST_DAMAGES);
        for (int i = 0; i < damages && bytes.length > 0; i++) {
            bytes = damaged(bytes);
        }
        return bytes;
    }

    private byte[] damaged(byte[] bytes) {
        int at = place(bytes.length);
        return switch (random.nextInt(11)) {
            case 0 -> with(bytes, at, bytes[at] ^ (1 << random.nextInt(8)));
            case 1 -> with(bytes, at, random.nextInt(256));
            case 2 -> with(bytes, at, bytes[at] + random.nextInt(-4, 5));
            case 3 -> integer(bytes, at, 4);
            case 4 -> integer(bytes, at, 8);
            case 5 -> varint(bytes, at);
            case 6 -> Arrays.copyOf(bytes, at);
            case 7 -> spliced(bytes, at, at + length(bytes.length - at), new byte[0]);
            case 8 -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length(bytes.length - at)));
            case 9 -> {
                byte[] other = pick(seeds);
                int from = place(Math.max(other.length, 1));
                byte[] chunk = Arrays.copyOfRange(other, from, Math.min(other.length, from + LONGEST_CHUNK));
                yield spliced(bytes, at, random.nextBoolean() ? at : Math.min(bytes.length, at + chunk.length), chunk);
            }
            default -> digits(bytes, at);
        };
    }

    /** Half of all damage goes to the beginning, where formats keep what they say of the rest. */
    private int place(int length) {
        return random.nextInt(random.nextBoolean() ? Math.min(HEADER, length) : length);
    }

    private int length(int most) {
        return 1 + random.nextInt(Math.min(LONGEST_CHUNK, most));
    }

    private byte[] integer(byte[] bytes, int at, int width) {
        long value = interesting();
        for (int i = 0; i < width && at + i < bytes.length; i++) {
            bytes[at + i] = (byte) (value >>> (8 * i));
        }
        return bytes;
    }

    private byte[] varint(byte[] bytes, int at) {
        byte[] text = new byte[10];
        int length = 0;
        long value = interesting();
        do {
            text[length++] = (byte) ((value & 0x7F) | ((value >>> 7) == 0 ? 0 : 0x80));
            value >>>= 7;
        } while (value != 0);
        return spliced(bytes, at, Math.min(bytes.length, at + 1), Arrays.copyOf(text, length));
    }

    /** Puts a number where text has one. */
    private byte[] digits(byte[] bytes, int at) {
        int from = at;
        while (from < bytes.length && (bytes[from] < '0' || bytes[from] > '9')) {
            from++;
        }
        int to = from;
        while (to < bytes.length && bytes[to] >= '0' && bytes[to] <= '9') {
            to++;
        }
        byte[] text = Long.toString(interesting()).getBytes(StandardCharsets.US_ASCII);
        return from == bytes.length ? bytes : spliced(bytes, from, to, text);
    }

    private long interesting() {
        long value = INTERESTING[random.nextInt(INTERESTING.length)];
        return random.nextInt(4) == 0 ? value + random.nextInt(-2, 3) : value;
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        bytes[at] = (byte) value;
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] chunk) {
        byte[] out = new byte[bytes.length - (to - from) + chunk.length];
        System.arraycopy(bytes, 0, out, 0, from);
        System.arraycopy(chunk, 0, out, from, chunk.length);
        System.arraycopy(bytes, to, out, from + chunk.length, bytes.length - to);
        return out;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
