package dev.fairlead.cli.agent;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.DrainAgentRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "drain", description = "Lets an agent finish what it runs and gives it no more.")
final class AgentDrain extends ServerCommand {
    @Parameters(index = "0", paramLabel = "AGENT", description = "The agent's name.")
    private String name = "";

    @Option(names = "--resume", description = "Undoes it: the agent takes work again.")
    private boolean resume;

    AgentDrain(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        var agent = connection
                .agents()
                .drain(DrainAgentRequest.newBuilder()
                        .setName(name)
                        .setResume(resume)
                        .build());
        if (json()) {
            printJson(agent);
        } else {
            terminal().line(agent.getName() + " " + Words.of(agent.getState()));
        }
        return ExitCode.OK;
    }
}
