package dev.fairlead.control.web;

import dev.fairlead.control.error.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Values as people read them. */
final class Format {
    private Format() {}

    /** To the second, in UTC; empty for none. */
    static String time(@Nullable Instant at) {
        return at == null ? "" : at.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ');
    }

    static String reason(@Nullable Reason reason) {
        return reason == null ? "" : reason.code() + ": " + reason.sentence();
    }

    /** Binary units with one decimal. */
    static String bytes(long count) {
        if (count < 1024) {
            return count + " B";
        }
        int unit = (63 - Long.numberOfLeadingZeros(count)) / 10;
        return String.format(Locale.ROOT, "%.1f %ciB", count / (double) (1L << (unit * 10)), " KMGTPE".charAt(unit));
    }

    static String number(double value) {
        if (value == 0) {
            return "0";
        }
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3g", value) : Double.toString(value);
    }

    static Views.Badge badge(Enum<?> state) {
        String tone = switch (state.name()) {
            case "READY", "SUCCEEDED", "PROMOTED", "PASSED" -> "good";
            case "FAILED", "REJECTED", "ERROR", "OFFLINE", "UNREACHABLE", "UNKNOWN", "FENCED" -> "bad";
            case "CANCELLED", "ABORTED", "ROLLED_BACK" -> "quiet";
            case String _ -> "busy";
        };
        return new Views.Badge(state.name().replace('_', ' ').toLowerCase(Locale.ROOT), tone);
    }
}
