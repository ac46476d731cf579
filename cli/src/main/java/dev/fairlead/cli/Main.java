package dev.fairlead.cli;

import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.terminal.Terminal;
import dev.fairlead.cli.trace.Tracing;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The program. */
public final class Main {
    /** Held, so that its level stays. */
    private static final Logger ROOT = Logger.getLogger("");

    private Main() {}

    public static void main(String[] arguments) {
        // Libraries' warnings about a connection that is not there would only repeat the error that is printed.
        ROOT.setLevel(Level.SEVERE);
        System.exit(FairleadCommand.execute(context(), arguments));
    }

    private static Context context() {
        var environment = System.getenv();
        var random = new SecureRandom();
        return new Context(
                Terminal.of(environment),
                environment,
                Path.of(System.getProperty("fairlead.root", "."))
                        .toAbsolutePath()
                        .normalize(),
                InstantSource.system(),
                Tracing.of(environment, random),
                () -> {
                    var key = new byte[16];
                    random.nextBytes(key);
                    return HexFormat.of().formatHex(key);
                },
                seconds -> Thread.sleep(Math.round(seconds * 1000)));
    }
}
