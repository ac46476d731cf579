package dev.fairlead.cli.token;

import dev.fairlead.cli.server.Context;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** `fairlead token …`. */
@Command(name = "token", description = "Access tokens of people and programs.", synopsisSubcommandLabel = "COMMAND")
public final class TokenCommand {
    private TokenCommand() {}

    public static CommandLine of(Context context) {
        return new CommandLine(new TokenCommand())
                .addSubcommand(new TokenCreate(context))
                .addSubcommand(new TokenLs(context))
                .addSubcommand(new TokenRevoke(context));
    }
}
