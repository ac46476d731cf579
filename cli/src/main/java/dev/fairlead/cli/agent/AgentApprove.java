package dev.fairlead.cli.agent;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.ApproveAgentRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "approve", description = "Lets a pending agent take work.")
final class AgentApprove extends ServerCommand {
    @Parameters(index = "0", paramLabel = "AGENT", description = "The agent's name.")
    private String name = "";

    AgentApprove(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        var agent = connection
                .agents()
                .approve(ApproveAgentRequest.newBuilder().setName(name).build());
        if (json()) {
            printJson(agent);
        } else {
            terminal().line(agent.getName() + " " + Words.of(agent.getState()));
        }
        return ExitCode.OK;
    }
}
