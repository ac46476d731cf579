package dev.fairlead.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocsTest {
    private static final Path FOLDER = Path.of(System.getProperty("fairlead.root"), "docs");

    @Test
    void replacesOnlyWhatStandsBetweenTheMarks() throws IOException {
        Tally tally = new Tally("some/suite");
        tally.add("a", new Outcome.Passed());
        tally.add("b", new Outcome.Unsupported("this | that"));
        String text = """
                # Title
                <!-- results, made by ./fairlead conformance --docs docs -->
                old
                <!-- end of results -->
                after
                """;
        assertThat(Docs.withResults(text, List.of(tally))).isEqualTo("""
                # Title
                <!-- results, made by ./fairlead conformance --docs docs -->

                | suite | passed | failed | unsupported | its most frequent reason |
                |---|--:|--:|--:|---|
                | `some/suite` | 1 | 0 | 1 | this \\| that (1) |

                <!-- end of results -->
                after
                """);
        assertThatThrownBy(() -> Docs.withResults("no marks", List.of(tally)))
                .hasMessage("conformance.md: has no marks around its results");
    }

    /** A new suite is not there before someone has run it. */
    @Test
    void theDocumentHasTheResultsOfEverySuite() throws IOException {
        String text = Files.readString(FOLDER.resolve(Docs.RESULTS));
        List<String> stated = text.substring(text.indexOf(Docs.BEGIN), text.indexOf(Docs.END))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .toList();
        List<String> names = new Main().suites().stream().map(Suite::name).toList();
        assertThat(stated).hasSameSizeAs(names);
        for (int i = 0; i < names.size(); i++) {
            assertThat(stated.get(i)).startsWith("| `" + names.get(i) + "` |").contains(" | 0 | ");
        }
    }
}
