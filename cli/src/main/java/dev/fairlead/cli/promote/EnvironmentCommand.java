package dev.fairlead.cli.promote;

import dev.fairlead.cli.server.Context;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** `fairlead environment …`. */
@Command(name = "environment", description = "Environments: pools plus policy.", synopsisSubcommandLabel = "COMMAND")
public final class EnvironmentCommand {
    private EnvironmentCommand() {}

    public static CommandLine of(Context context) {
        return new CommandLine(new EnvironmentCommand())
                .addSubcommand(new EnvironmentLs(context))
                .addSubcommand(new EnvironmentSet(context));
    }
}
