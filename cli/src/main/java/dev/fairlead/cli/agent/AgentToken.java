package dev.fairlead.cli.agent;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.cli.terminal.DurationConverter;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.CreateJoinTokenRequest;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "token",
        description = "Makes a single-use token that admits one agent to a pool.",
        footer = {"", "Example:", "  fairlead agent token mbp-7 --pool mac"})
final class AgentToken extends ServerCommand {
    @Parameters(index = "0", paramLabel = "AGENT", description = "The only name the token enrols.")
    private String agent = "";

    @Option(names = "--pool", paramLabel = "POOL", required = true, description = "The pool it joins: mac, cuda, …")
    private String pool = "";

    @Option(
            names = "--valid-for",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "15m where not given; at most 24h.")
    private Duration validFor = Duration.ofMinutes(15);

    AgentToken(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        var answer = connection
                .agents()
                .createJoinToken(CreateJoinTokenRequest.newBuilder()
                        .setAgent(agent)
                        .setPool(pool)
                        .setValidFor(Words.duration(validFor))
                        .build());
        if (json()) {
            printJson(answer);
        } else {
            terminal().line(answer.getToken());
            terminal().note("valid once, until " + Words.instant(answer.getExpiresAt()) + "; it is not shown again");
        }
        return ExitCode.OK;
    }
}
