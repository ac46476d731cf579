package dev.fairlead.cli.server;

import dev.fairlead.cli.terminal.Terminal;
import dev.fairlead.cli.trace.Tracing;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What commands are made with.
 *
 * @param root the checkout that the program was built in
 * @param keys fresh idempotency keys
 */
public record Context(
        Terminal terminal,
        Map<String, String> environment,
        Path root,
        InstantSource clock,
        Tracing tracing,
        Supplier<String> keys,
        Pause pause) {
    public Context {
        environment = Map.copyOf(environment);
    }

    /** Waiting between two looks at something that moves. */
    public interface Pause {
        void seconds(double seconds) throws InterruptedException;
    }
}
