package dev.fairlead.agent.mac.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.agent.failure.AgentFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a stand-in for Python: a script that notes what it was asked and makes a folder with itself in it. */
class PythonEnvironmentTest {
    private static final Path USER = Path.of("/home/ada");

    @TempDir
    Path folder = Path.of("made by JUnit");

    private Path environments = folder;
    private Path packages = folder;

    @BeforeEach
    void prepare() throws IOException {
        environments = folder.resolve("venv");
        packages = Files.createDirectory(folder.resolve("package"));
        Files.writeString(packages.resolve("requirements.txt"), "one==1\n");
    }

    private Path python() {
        return script("[ \"$2\" != venv ] || { mkdir -p \"$3/bin\" && cp \"$0\" \"$3/bin/python\"; }");
    }

    private Path script(String body) {
        try {
            Path script = folder.resolve("python");
            Files.writeString(script, "#!/bin/sh\necho \"$2\" >>'" + folder + "/asked'\n" + body + "\n");
            if (!script.toFile().setExecutable(true)) {
                throw new IOException(script + ": not made executable");
            }
            return script;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private PythonEnvironment open() throws IOException {
        return PythonEnvironment.open(environments, packages, this::python);
    }

    private List<String> asked() throws IOException {
        return Files.readAllLines(folder.resolve("asked"));
    }

    @Test
    void liesInTheCachesOfTheUser() {
        assertThat(PythonEnvironment.folder(Map.of("FAIRLEAD_CACHE", "/c", "XDG_CACHE_HOME", "/x"), USER))
                .isEqualTo(Path.of("/c/venv"));
        assertThat(PythonEnvironment.folder(Map.of("FAIRLEAD_CACHE", "", "XDG_CACHE_HOME", "/x"), USER))
                .isEqualTo(Path.of("/x/fairlead/venv"));
        assertThat(PythonEnvironment.folder(Map.of("FAIRLEAD_HOME", "/h"), USER))
                .isEqualTo(Path.of("/home/ada/.cache/fairlead/venv"));
    }

    @Test
    void isMadeOnceForTheSameRequirements() throws IOException {
        PythonEnvironment first = open();

        assertThat(open()).isEqualTo(first);
        assertThat(first.interpreter()).isExecutable();
        assertThat(asked()).containsExactly("venv", "pip");
    }

    @Test
    void isMadeAnewForOtherRequirements() throws IOException {
        Path first = open().interpreter();

        Files.writeString(packages.resolve("requirements.txt"), "one==2\n");

        assertThat(open().interpreter()).isNotEqualTo(first);
        assertThat(first).exists();
    }

    @Test
    void isMadeOnceByTwoThatStartTogether() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<PythonEnvironment> start = this::open;
            var both = threads.invokeAll(List.of(start, start));

            assertThat(both.getFirst().get()).isEqualTo(both.getLast().get());
        }
        assertThat(asked()).containsExactly("venv", "pip");
    }

    @Test
    void remakesOneThatBrokeOffHalfway() throws IOException {
        assertThatThrownBy(
                        () -> PythonEnvironment.open(
                                environments,
                                packages,
                                () -> script(
                                        "[ \"$2\" = venv ] || exit 3; mkdir -p \"$3/bin\"; touch \"$3/half\"; cp \"$0\" \"$3/bin/python\"")))
                .isInstanceOf(AgentFailure.class)
                .hasMessageEndingWith("ended with status 3");

        Path place = open().interpreter().resolve("../..").normalize();

        assertThat(place.resolve("half")).doesNotExist();
        assertThat(asked()).containsExactly("venv", "pip", "venv", "pip");
    }

    @Test
    void remakesOneWhosePythonIsGone() throws IOException {
        Path interpreter = open().interpreter();
        Files.delete(interpreter);
        Files.createSymbolicLink(interpreter, folder.resolve("no-such-python"));

        assertThat(open().interpreter()).isExecutable();
    }
}
