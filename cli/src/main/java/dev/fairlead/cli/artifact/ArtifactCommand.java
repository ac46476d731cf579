package dev.fairlead.cli.artifact;

import dev.fairlead.cli.server.Context;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** `fairlead artifact …`. */
@Command(
        name = "artifact",
        description = "Stored trees: list, fetch, collect garbage.",
        synopsisSubcommandLabel = "COMMAND")
public final class ArtifactCommand {
    private ArtifactCommand() {}

    public static CommandLine of(Context context) {
        return new CommandLine(new ArtifactCommand())
                .addSubcommand(new ArtifactLs(context))
                .addSubcommand(new ArtifactGet(context))
                .addSubcommand(new ArtifactGc(context));
    }
}
