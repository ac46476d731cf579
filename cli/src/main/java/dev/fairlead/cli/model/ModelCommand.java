package dev.fairlead.cli.model;

import dev.fairlead.cli.server.Context;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** `fairlead model …`. */
@Command(
        name = "model",
        description = "Models: push, list, inspect, diff, convert, fit.",
        synopsisSubcommandLabel = "COMMAND")
public final class ModelCommand {
    private ModelCommand() {}

    public static CommandLine of(Context context) {
        return new CommandLine(new ModelCommand())
                .addSubcommand(new ModelPush(context))
                .addSubcommand(new ModelLs(context))
                .addSubcommand(new ModelInspect(context))
                .addSubcommand(new ModelDiff(context))
                .addSubcommand(new ModelConvert(context))
                .addSubcommand(new ModelFit(context));
    }
}
