package dev.fairlead.cli.chart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The `helm` program: the one on PATH, else one built once with Go into the user's cache. */
final class Helm {
    private static final String VERSION = "v3.22.0";
    private static final long BUILD_MINUTES = 15;

    private final String program;

    private Helm(String program) {
        this.program = program;
    }

    /** What a run printed, on both streams, and its exit code. */
    record Result(int exit, String text) {}

    /** Empty where there is neither helm nor Go, or Go cannot build it. */
    static Optional<Helm> find() throws IOException, InterruptedException {
        var bin = cache().resolve("fairlead").resolve("bin");
        for (var candidate : List.of("helm", bin.resolve("helm").toString())) {
            if (works(candidate, "version")) {
                return Optional.of(new Helm(candidate));
            }
        }
        if (!works("go", "version")) {
            return Optional.empty();
        }
        Files.createDirectories(bin);
        var build =
                start(List.of("go", "install", "helm.sh/helm/v3/cmd/helm@" + VERSION), Map.of("GOBIN", bin.toString()));
        return build.exit() == 0 ? Optional.of(new Helm(bin.resolve("helm").toString())) : Optional.empty();
    }

    Result run(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(program);
        Collections.addAll(command, arguments);
        return start(command, Map.of());
    }

    private static Path cache() {
        var named = System.getenv("XDG_CACHE_HOME");
        return named == null || named.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(named);
    }

    private static boolean works(String program, String argument) throws InterruptedException {
        try {
            return start(List.of(program, argument), Map.of()).exit() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static Result start(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            return new Result(1, text + "\n(took more than " + BUILD_MINUTES + " minutes)");
        }
        return new Result(process.exitValue(), text);
    }
}
