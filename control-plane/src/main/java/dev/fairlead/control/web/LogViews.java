package dev.fairlead.control.web;

import dev.fairlead.control.job.Attempt;
import dev.fairlead.control.job.Logs;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The ends of logs as the dashboard shows them. */
final class LogViews {
    // Terminals' colours and cursor movements, then whatever else is no text.
    private static final Pattern ESCAPE = Pattern.compile("\u001b\\[[0-9;?]*[ -/]*[@-~]");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\n\t]]");

    private LogViews() {}

    static Views.LogView of(Attempt attempt, Logs.Tail tail) {
        String text = StandardCharsets.UTF_8.decode(tail.data().duplicate()).toString();
        if (tail.offset() > 0) {
            // It begins somewhere within a line, perhaps within a character.
            text = text.substring(text.indexOf('\n') + 1);
        }
        // A progress bar writes its line again and again: the last state of it counts.
        text = text.replace("\r\n", "\n").replaceAll("(?m)^[^\n]*\r(?!$)", "");
        text = CONTROL.matcher(ESCAPE.matcher(text).replaceAll("")).replaceAll("");
        String title = "Log of attempt " + attempt.id().number();
        return new Views.LogView(
                tail.offset() == 0
                        ? title
                        : "End of the log of attempt " + attempt.id().number(),
                text.stripTrailing());
    }
}
