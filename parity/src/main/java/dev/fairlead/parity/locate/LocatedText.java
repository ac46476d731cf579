package dev.fairlead.parity.locate;

import java.util.ArrayList;
import java.util.List;

/** Where two models part, for a terminal of 100 columns. */
public final class LocatedText {
    private static final int WEIGHTS = 5;
    private static final String ROW = "  %-28s %-22s %-22s %9s %9s";

    private LocatedText() {}

    /** Lines without an end. */
    public static List<String> of(Located located) {
        List<String> lines = new ArrayList<>();
        lines.add("culprit: " + located.sentence());
        located.culprit()
                .map(Operation::within)
                .filter(within -> !within.isEmpty())
                .ifPresent(within -> lines.add(
                        "  or one of " + within.size() + " before it that could not be compared: " + shown(within)));
        located.weights().stream().limit(WEIGHTS).forEach(weight -> lines.add("weight: " + weight.sentence()));
        if (located.weights().size() > WEIGHTS) {
            lines.add("weight: " + (located.weights().size() - WEIGHTS) + " more");
        }
        if (!located.worst().isEmpty()) {
            lines.add(ROW.formatted("worst operations", "op", "rule", "error", "inputs"));
        }
        for (Operation operation : located.worst()) {
            lines.add(ROW.formatted(
                    cut(operation.node(), 28),
                    cut(operation.op(), 22),
                    cut(operation.rule().isEmpty() ? "-" : operation.rule() + "@" + operation.version(), 22),
                    Located.number(operation.error()),
                    operation.inputs().isEmpty()
                            ? "-"
                            : Located.number(operation.inputs().getFirst().error())));
        }
        located.notes().forEach(note -> lines.add("  " + note));
        return lines;
    }

    private static String shown(List<String> names) {
        int first = Math.max(0, names.size() - 5);
        return (first > 0 ? "… " : "") + String.join(", ", names.subList(first, names.size()));
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }
}
