package dev.fairlead.cli.promote;

import dev.fairlead.cli.server.Context;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** `fairlead promote …`. */
@Command(
        name = "promote",
        description = "Promotions: lead a model version into an environment.",
        synopsisSubcommandLabel = "COMMAND")
public final class PromoteCommand {
    private PromoteCommand() {}

    public static CommandLine of(Context context) {
        return new CommandLine(new PromoteCommand())
                .addSubcommand(new PromoteStart(context))
                .addSubcommand(new PromoteStatus(context))
                .addSubcommand(new PromoteApprove(context))
                .addSubcommand(new PromoteAbort(context))
                .addSubcommand(new PromoteUndo(context));
    }
}
