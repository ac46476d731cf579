package dev.fairlead.bench;

import java.util.Locale;

/** The results as lines of text. */
final class Table {
    private static final String ROW = "%-20s %7s %8s  %-15s %12s %12s  %s";

    private Table() {}

    static String header() {
        return ROW.formatted("benchmark", "ratio", "target", "spread", "subject", "baseline", "");
    }

    static String row(Result result) {
        return ROW.formatted(
                        result.name(),
                        number(result.ratio()),
                        result.targetText(),
                        number(result.lowest()) + " – " + number(result.highest()),
                        measured(result.subject(), result.measure()),
                        measured(result.baseline(), result.measure()),
                        (result.reached() ? "reached" : "MISSED") + " (" + result.unit() + ")")
                .stripTrailing();
    }

    static String failed(String name, Exception problem) {
        return "%-20s failed: %s".formatted(name, problem);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String measured(double value, String measure) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f %s" : "%.2f %s", value, measure);
    }
}
