package dev.fairlead.cli.parity;

import dev.fairlead.cli.server.Context;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** `fairlead parity …`. */
@Command(
        name = "parity",
        description = "Parity reports: did the converted model still compute the same?",
        synopsisSubcommandLabel = "COMMAND")
public final class ParityCommand {
    private ParityCommand() {}

    public static CommandLine of(Context context) {
        return new CommandLine(new ParityCommand())
                .addSubcommand(new ParityLs(context))
                .addSubcommand(new ParityShow(context))
                .addSubcommand(new ParityCheck(context))
                .addSubcommand(new ParityRecheck(context))
                .addSubcommand(new ParityCertificate(context))
                .addSubcommand(new ParityVerify(context));
    }
}
