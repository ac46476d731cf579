package dev.fairlead.cli.terminal;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Sizes, durations and numbers as people read them. */
public final class Units {
    private static final List<String> SIZES = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB");

    private Units() {}

    /** `18.2 GiB`; bytes below 1 KiB without a fraction. */
    public static String bytes(long bytes) {
        var value = (double) bytes;
        var unit = 0;
        while (value >= 1024 && unit < SIZES.size() - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, SIZES.get(unit));
    }

    /** `0.4 s`, `12.3 s`, `4m 05s`, `3h 20m`, `2d 4h`: two units at most. */
    public static String duration(Duration duration) {
        var seconds = duration.toSeconds();
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        }
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%dm %02ds", seconds / 60, seconds % 60);
        }
        return seconds < 86_400
                ? String.format(Locale.ROOT, "%dh %02dm", seconds / 3600, seconds % 3600 / 60)
                : String.format(Locale.ROOT, "%dd %dh", seconds / 86_400, seconds % 86_400 / 3600);
    }

    /** Three significant digits, in scientific notation where that is shorter. */
    public static String number(double value) {
        if (value == 0) {
            return "0";
        }
        var size = Math.abs(value);
        return String.format(Locale.ROOT, size < 0.001 || size >= 100_000 ? "%.2e" : "%.3g", value);
    }
}
