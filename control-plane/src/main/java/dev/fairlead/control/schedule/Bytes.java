package dev.fairlead.control.schedule;

import java.util.Locale;

/** Sizes in sentences. */
final class Bytes {
    private static final double GIB = 1L << 30;
    private static final double MIB = 1L << 20;

    private Bytes() {}

    /** {@code 18.2 GiB}, or {@code 512.0 MiB} below one. */
    static String text(long bytes) {
        return bytes >= GIB
                ? String.format(Locale.ROOT, "%.1f GiB", bytes / GIB)
                : String.format(Locale.ROOT, "%.1f MiB", bytes / MIB);
    }
}
