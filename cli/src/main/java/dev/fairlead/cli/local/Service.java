package dev.fairlead.cli.local;

import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** A child process that serves until it is stopped. */
final class Service {
    /** An interrupt from the keyboard reaches the whole process group; the parent alone decides in which order to stop. */
    private static final List<String> DEAF_TO_INTERRUPT =
            List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "fairlead-service");

    private final String name;
    private final Process process;

    private Service(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    static Service start(String name, List<String> command, Map<String, String> environment, Output output) {
        var whole = new ArrayList<>(DEAF_TO_INTERRUPT);
        whole.addAll(command);
        var builder = new ProcessBuilder(whole).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            return switch (output) {
                case Output.Files(var folder) -> {
                    var log = java.nio.file.Files.createDirectories(folder).resolve(name + ".log");
                    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
                    yield new Service(name, started(builder));
                }
                case Output.Lines(var sink) -> {
                    var service = new Service(name, started(builder));
                    Thread.ofVirtual().name("output-" + name).start(() -> service.pump(sink));
                    yield service;
                }
            };
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, name + ": cannot be started: " + e.getMessage(), "");
        }
    }

    private static Process started(ProcessBuilder builder) throws IOException {
        var process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    private void pump(BiConsumer<String, String> sink) {
        try (var lines = new BufferedReader(process.inputReader(StandardCharsets.UTF_8))) {
            lines.lines().forEach(line -> sink.accept(name, line));
        } catch (IOException | UncheckedIOException e) {
            sink.accept(name, "(its output ended: " + e.getMessage() + ")");
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    int exitCode() {
        return process.exitValue();
    }

    /** Asks it to end, and ends it where it has not within `grace`. */
    void stop(Duration grace) {
        process.destroy();
        try {
            if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
