package dev.fairlead.parity.locate;

import java.util.ArrayList;
import java.util.List;

/** Where two models part, for a terminal of 100 columns. */
public final class LocatedText {
    private static final int WEIGHTS = 5;
    private static final int WIDTH = 100;
    private static final String ROW = "  %-28s %-22s %-22s %9s %9s";

    private LocatedText() {}

    /** Lines without an end. */
    public static List<String> of(Located located) {
        List<String> lines = new ArrayList<>();
        wrap("culprit: " + located.sentence(), lines);
        located.culprit()
                .map(Operation::within)
                .filter(within -> !within.isEmpty())
                .ifPresent(within -> wrap(
                        "  or one of " + within.size() + " before it that could not be compared: " + shown(within),
                        lines));
        located.weights().stream().limit(WEIGHTS).forEach(weight -> wrap(weight.sentence(), lines));
        if (located.weights().size() > WEIGHTS) {
            lines.add((located.weights().size() - WEIGHTS) + " more weights");
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
        located.notes().forEach(note -> wrap("  " + note, lines));
        return lines;
    }

    /** Breaks at spaces; later lines are indented. */
    private static void wrap(String text, List<String> lines) {
        String rest = text;
        while (rest.length() > WIDTH && rest.lastIndexOf(' ', WIDTH) > 4) {
            int end = rest.lastIndexOf(' ', WIDTH);
            lines.add(rest.substring(0, end));
            rest = "    " + rest.substring(end + 1);
        }
        lines.add(rest);
    }

    private static String shown(List<String> names) {
        int first = Math.max(0, names.size() - 5);
        return (first > 0 ? "… " : "") + String.join(", ", names.subList(first, names.size()));
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }
}
