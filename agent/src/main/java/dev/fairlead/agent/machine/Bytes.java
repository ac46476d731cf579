package dev.fairlead.agent.machine;

import java.util.Locale;
import java.util.regex.Pattern;

/** An amount of memory or storage in bytes, never negative. */
public record Bytes(long value) implements Comparable<Bytes> {
    public static final Bytes ZERO = new Bytes(0);

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})\\s*(|B|KiB|MiB|GiB|TiB)");

    public Bytes {
        if (value < 0) {
            throw new IllegalArgumentException("bytes: want at least 0, got " + value);
        }
    }

    /** Reads {@code 20GiB} or plain bytes. */
    public static Bytes parse(String text) {
        var matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("bytes: want a number with B, KiB, MiB, GiB or TiB, got '" + text + "'");
        }
        int shift = switch (matcher.group(2)) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            case "TiB" -> 40;
            default -> 0;
        };
        return new Bytes(Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift));
    }

    public boolean exceeds(Bytes limit) {
        return value > limit.value;
    }

    @Override
    public int compareTo(Bytes other) {
        return Long.compare(value, other.value);
    }

    /** One decimal of the largest unit that fits: {@code 2.3 GiB}. */
    @Override
    public String toString() {
        if (value < 1L << 10) {
            return value + " B";
        }
        String[] units = {"KiB", "MiB", "GiB", "TiB"};
        int unit = Math.min((63 - Long.numberOfLeadingZeros(value)) / 10, units.length);
        return String.format(Locale.ROOT, "%.1f %s", value / (double) (1L << (10 * unit)), units[unit - 1]);
    }
}
