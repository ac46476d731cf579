package dev.fairlead.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One process of the product, its output kept in a file, and the signals that a test sends it. */
final class Daemon implements Running {
    private final String name;
    private final Path log;
    private final Process process;

    private Daemon(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    static Daemon start(String name, Path folder, List<String> command, Map<String, String> environment) {
        try {
            Files.createDirectories(folder);
            var log = Files.createTempFile(folder, name + "-", ".log");
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            return new Daemon(name, log, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(name + " did not start", e);
        }
    }

    Daemon awaitLine(String text, Duration limit) {
        Await.until(name + " to print \"" + text + '"', limit, this::output, () -> {
            if (!process.isAlive()) {
                throw new AssertionError(name + " ended with " + process.exitValue() + ":\n" + output());
            }
            return output().contains(text);
        });
        return this;
    }

    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** As the kernel kills it: no handler runs. Its children live on. */
    void kill() {
        signal("KILL", process.pid());
        await();
    }

    /** As a machine that loses power: the process and all that descend from it. */
    void killWithChildren() {
        var family = process.descendants().map(ProcessHandle::pid).toList();
        kill();
        family.forEach(pid -> signal("KILL", pid));
    }

    void stop() {
        signal("STOP", process.pid());
    }

    void resume() {
        signal("CONT", process.pid());
    }

    int await() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError(name + " did not end within 60 s:\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            signal("CONT", process.pid());
            process.destroy();
            await();
        }
    }

    static void signal(String signal, long pid) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
