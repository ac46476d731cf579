package dev.fairlead.cli.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The end of a log. */
public final class LogTail {
    private static final int LINES = 15;

    private LogTail() {}

    /** The end of a service's log where it goes to a file; elsewhere its lines have been printed already. */
    static String of(Output output, String name) {
        return switch (output) {
            case Output.Lines ignored -> "Its output is above.";
            case Output.Files(var folder) -> of(folder.resolve(name + ".log"));
        };
    }

    private static String of(Path log) {
        try {
            var text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
            return "Its log, " + log + ", ends with:\n" + of(text);
        } catch (IOException e) {
            return "Its log, " + log + ", cannot be read.";
        }
    }

    /** The last lines of a text, indented. */
    public static String of(String text) {
        var lines = List.of(text.stripTrailing().split("\n"));
        return String.join(
                "\n",
                lines.subList(Math.max(0, lines.size() - LINES), lines.size()).stream()
                        .map(line -> "    " + line)
                        .toList());
    }
}
