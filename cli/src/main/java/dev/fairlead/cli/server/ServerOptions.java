package dev.fairlead.cli.server;

import dev.fairlead.cli.terminal.OutputFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that talks to a control plane. */
public final class ServerOptions {
    private static final String DEFAULT = "127.0.0.1:9000";

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "The control plane; else FAIRLEAD_SERVER, else the one running on FAIRLEAD_HOME.")
    private @Nullable String server;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "The access token; else FAIRLEAD_TOKEN, else the local administrator's.")
    private @Nullable String token;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "Talk TLS and trust these PEM certificates; else FAIRLEAD_TLS_CA, else no TLS.")
    private @Nullable String tlsCa;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "table (the default) or json.")
    private OutputFormat output = OutputFormat.TABLE;

    public boolean json() {
        return output == OutputFormat.JSON;
    }

    /** The target as the options, the environment and the home say, in this order. */
    public Target target(Map<String, String> environment) {
        var home = Home.of(environment);
        var address = first(server, environment.get("FAIRLEAD_SERVER"))
                .or(() -> home.endpoint().map(Home.Endpoint::grpc))
                .orElse(DEFAULT);
        var secret = first(token, environment.get("FAIRLEAD_TOKEN"))
                .or(home::adminToken)
                .orElse("");
        return new Target(address, secret, first(tlsCa, environment.get("FAIRLEAD_TLS_CA")));
    }

    private static Optional<String> first(@Nullable String option, @Nullable String variable) {
        return Optional.ofNullable(option)
                .or(() -> Optional.ofNullable(variable).filter(text -> !text.isEmpty()));
    }
}
