package dev.fairlead.agent.cuda.canary;

import dev.fairlead.agent.wiring.WorkerCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts the canary and reads its word. */
public final class CanaryRun {
    // The GPU libraries are unpacked first, 583 MB of them.
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private CanaryRun() {}

    /** How it went. */
    public sealed interface Outcome {
        record Works(String version) implements Outcome {}

        /**
         * CUDA does not compute here.
         *
         * @param why one sentence
         */
        record Fails(String why) implements Outcome {}
    }

    public static Outcome cuda() throws IOException, InterruptedException {
        return run("cuda");
    }

    static Outcome run(String provider) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(List.of("-Xmx256m"));
        String natives = System.getProperty("onnxruntime.native.path");
        if (natives != null) {
            options.add("-Donnxruntime.native.path=" + natives);
        }
        Path output = Files.createTempFile("fairlead-canary", ".txt");
        Path arguments = Files.createTempFile("fairlead-canary", ".arguments");
        try {
            var command = new ArrayList<>(WorkerCommand.java(arguments, options, Canary.class.getName()));
            command.add(provider);
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return new Outcome.Fails("the canary session did not end within " + LIMIT);
            }
            return read(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.deleteIfExists(output);
            Files.deleteIfExists(arguments);
        }
    }

    static Outcome read(int status, String text) {
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        String last = lines.isEmpty() ? "" : lines.getLast();
        if (status == 0 && last.startsWith(Canary.OK)) {
            return new Outcome.Works(last.substring(Canary.OK.length()).strip());
        }
        return new Outcome.Fails(
                "the canary session ended with status " + status + (last.isEmpty() ? "" : ": " + last));
    }
}
