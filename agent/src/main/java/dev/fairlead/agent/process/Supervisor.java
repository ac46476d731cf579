package dev.fairlead.agent.process;

import dev.fairlead.agent.artifact.Folders;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts programs under the shell supervisor, each as the leader of a process group of its own. */
public final class Supervisor {
    private final Path script;
    private final List<String> groupLeader;

    /** Unpacks the script into {@code home} and finds the system's way to make a process group. */
    public Supervisor(Path home) throws IOException {
        this.script = home.resolve("supervise.sh").toAbsolutePath();
        try (var source = Supervisor.class.getResourceAsStream("supervise.sh")) {
            if (source == null) {
                throw new IllegalStateException("supervise.sh is missing from the agent's jar");
            }
            Folders.writeWhole(script, new String(source.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        }
        this.groupLeader = groupLeader();
    }

    private static List<String> groupLeader() {
        if (onPath("setsid")) {
            return List.of("setsid");
        }
        if (onPath("perl")) {
            // macOS has no setsid program.
            return List.of("perl", "-e", "use POSIX; POSIX::setsid(); exec @ARGV or exit 71;");
        }
        return List.of("sh", "-c", "set -m; \"$@\" & wait", "sh");
    }

    private static boolean onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        for (String folder : path.split(":", -1)) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Starts {@code argv}; its output goes to {@code folder/log}. The process lives on when this JVM ends.
     *
     * @param environment replaces that of the agent
     */
    public void start(Path folder, Path workdir, List<String> argv, Map<String, String> environment) {
        var command = new ArrayList<>(groupLeader);
        command.addAll(List.of("sh", script.toString(), folder.toString(), workdir.toString()));
        command.addAll(argv);
        var builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            builder.start();
        } catch (IOException e) {
            throw new AgentFailure(FailureCode.NOT_STARTED, "process: could not start a shell: " + e.getMessage(), e);
        }
    }
}
