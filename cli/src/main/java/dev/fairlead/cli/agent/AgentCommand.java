package dev.fairlead.cli.agent;

import dev.fairlead.cli.server.Context;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** `fairlead agent …`. */
@Command(
        name = "agent",
        description = "Agents: admit, list, drain, check this machine.",
        synopsisSubcommandLabel = "COMMAND")
public final class AgentCommand {
    private AgentCommand() {}

    public static CommandLine of(Context context) {
        return new CommandLine(new AgentCommand())
                .addSubcommand(new AgentToken(context))
                .addSubcommand(new AgentLs(context))
                .addSubcommand(new AgentApprove(context))
                .addSubcommand(new AgentDrain(context))
                .addSubcommand(new AgentDoctor(context));
    }
}
