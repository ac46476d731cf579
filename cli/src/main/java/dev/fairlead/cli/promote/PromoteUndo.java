package dev.fairlead.cli.promote;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.proto.v1.UndoPromotionRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "undo", description = "Moves the alias of a promoted promotion back to where it pointed before.")
final class PromoteUndo extends ServerCommand {
    @Parameters(index = "0", paramLabel = "PROMOTION", description = "The promotion's id.")
    private String id = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Kept with the promotion.")
    private String reason = "";

    @Option(
            names = "--force",
            description = "Also where the version before is certified for other machines. Needs --reason.")
    private boolean force;

    PromoteUndo(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        var promotion = connection
                .promotions()
                .undo(UndoPromotionRequest.newBuilder()
                        .setId(id)
                        .setReason(reason)
                        .setForce(force)
                        .build());
        if (json()) {
            printJson(promotion);
        } else {
            terminal().line(PromotionStates.line(promotion));
        }
        return ExitCode.OK;
    }
}
