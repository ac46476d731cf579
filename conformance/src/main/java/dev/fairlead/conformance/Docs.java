package dev.fairlead.conformance;

import dev.fairlead.conformance.onnx.Coverage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The documents that state results: a table within {@code conformance.md}, and all of {@code format-coverage.md}. */
final class Docs {
    static final String RESULTS = "conformance.md";
    static final String COVERAGE = "format-coverage.md";

    static final String BEGIN = "<!-- results, made by ./fairlead conformance --docs docs -->\n";
    static final String END = "<!-- end of results -->\n";

    private Docs() {}

    /**
     * Writes both.
     *
     * @param cases the folder of the wheel's node tests
     */
    static void write(Path folder, List<Tally> tallies, Path cases) throws IOException {
        Path results = folder.resolve(RESULTS);
        Files.writeString(results, withResults(Files.readString(results), tallies));
        Files.writeString(folder.resolve(COVERAGE), Coverage.of(tallies, cases));
    }

    /**
     * The text with other results between its marks.
     *
     * @throws IOException when it has no marks
     */
    static String withResults(String text, List<Tally> tallies) throws IOException {
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(RESULTS + ": has no marks around its results");
        }
        StringBuilder table = new StringBuilder(
                "\n| suite | passed | failed | unsupported | its most frequent reason |\n|---|--:|--:|--:|---|\n");
        for (Tally tally : tallies) {
            String reason = tally.reasons().entrySet().stream()
                    .findFirst()
                    .map(entry -> "%s (%d)".formatted(entry.getKey().replace("|", "\\|"), entry.getValue()))
                    .orElse("");
            table.append("| `%s` | %d | %d | %d | %s |\n"
                    .formatted(tally.suite(), tally.passed(), tally.failed(), tally.unsupported(), reason));
        }
        return text.substring(0, begin + BEGIN.length()) + table + "\n" + text.substring(end);
    }
}
