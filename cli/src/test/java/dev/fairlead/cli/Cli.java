package dev.fairlead.cli;

import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.terminal.Terminal;
import dev.fairlead.cli.trace.Tracing;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Runs the command line in this JVM and keeps what it prints. */
final class Cli {
    static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private final Map<String, String> environment = new HashMap<>(Map.of("FAIRLEAD_HOME", "no-such-home"));
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    Cli with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    int run(String... arguments) {
        var terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false, false);
        var random = new Random(7);
        var context = new Context(
                terminal,
                environment,
                Path.of(""),
                InstantSource.fixed(NOW),
                Tracing.of(environment, random),
                () -> "key-1",
                seconds -> {});
        return FairleadCommand.execute(context, arguments);
    }

    /** Runs against a fake control plane with the token `secret`. */
    int run(FakeControlPlane server, String... arguments) {
        var options = Stream.of("--server", server.address(), "--token", "secret");
        return run(Stream.concat(Arrays.stream(arguments), options).toArray(String[]::new));
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }
}
