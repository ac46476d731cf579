package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README tells a user to do, word for word, on the stack that {@code fairlead up} starts; then Ctrl-C. */
class ReadmeIT {
    private static final Pattern WORD = Pattern.compile("\\S+");
    private static final Pattern BLOCK = Pattern.compile("```(\\w*)\\n(.*?)```", Pattern.DOTALL);

    /** The README speaks of the user's own model and rows; these are the smallest that are any. */
    private static final String OWN_MODEL = """
            import mlx.nn as nn

            model = nn.Sequential(nn.Linear(16, 8), nn.ReLU(), nn.Linear(8, 3))
            """;

    private static final String OWN_ROWS = "held_out = mx.random.normal((20, 16), key=mx.random.key(1))\n";

    @TempDir
    Path folder;

    @Test
    void firstModelGoesFromItsScriptToAnEnvironment() throws Exception {
        var readme = Files.readString(Cluster.ROOT.resolve("README.md"));
        var project = Files.createDirectory(folder.resolve("project"));
        var script = block(readme, "import fairlead");
        int imports = script.indexOf('\n') + 1;
        Files.writeString(
                project.resolve("train.py"),
                script.substring(0, imports) + OWN_MODEL + OWN_ROWS + script.substring(imports));
        Files.writeString(project.resolve("job.yaml"), block(readme, "kind: train"));
        var environment =
                Map.of("FAIRLEAD_HOME", folder.resolve("home").toString(), "FAIRLEAD_SERVER", "", "FAIRLEAD_TOKEN", "");
        try (var up = Daemon.start(
                "up", folder.resolve("logs"), command("./fairlead up --port 0 --http-port 0"), environment)) {
            up.awaitLine("stop with Ctrl-C", Duration.ofMinutes(4));
            for (String line : block(readme, "job submit").lines().toList()) {
                run(command(line), environment);
            }
            assertThat(run(command("./fairlead model ls"), environment))
                    .contains("mine")
                    .contains("dev");
            var family = ProcessHandle.of(up.pid()).orElseThrow().descendants().toList();
            assertThat(family).hasSizeGreaterThan(2);
            Daemon.signal("INT", up.pid());
            up.await();
            assertThat(family).noneMatch(ProcessHandle::isAlive);
        }
    }

    private static String block(String readme, String containing) {
        return BLOCK.matcher(readme)
                .results()
                .map(found -> found.group(2))
                .filter(text -> text.contains(containing))
                .findFirst()
                .orElseThrow(() -> new AssertionError("README.md has no block with " + containing));
    }

    private static List<String> command(String line) {
        var words = new ArrayList<>(
                WORD.matcher(line).results().map(MatchResult::group).toList());
        assertThat(words.getFirst()).isEqualTo("./fairlead");
        words.set(0, Cluster.ROOT.resolve("fairlead").toString());
        return words;
    }

    private String run(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        var log = Files.createTempFile(folder, "command", ".log");
        var builder = new ProcessBuilder(command)
                .directory(folder.resolve("project").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        boolean ended = process.waitFor(3, TimeUnit.MINUTES);
        process.destroy();
        assertThat(ended).as(Files.readString(log)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        return Files.readString(log);
    }
}
