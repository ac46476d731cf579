package dev.fairlead.cli.promote;

import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.proto.v1.ApprovePromotionRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "approve", description = "Lets a promotion that waits for approval go on.")
final class PromoteApprove extends ServerCommand {
    @Parameters(index = "0", paramLabel = "PROMOTION", description = "The promotion's id.")
    private String id = "";

    @Option(names = "--watch", description = "Prints each change until it ends; the exit code is the outcome.")
    private boolean watch;

    @Option(
            names = "--force",
            description = "Pushes on a promotion whose parity failed, is inconclusive or is stale. Needs --reason.")
    private boolean force;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, with --force; stays visible.")
    private String reason = "";

    PromoteApprove(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        if (force == reason.isBlank()) {
            throw CommandFailure.usage(force ? "--force needs --reason TEXT" : "--reason goes with --force");
        }
        var promotion = connection
                .promotions()
                .approve(ApprovePromotionRequest.newBuilder()
                        .setId(id)
                        .setForce(force)
                        .setReason(reason)
                        .build());
        if (watch) {
            return PromoteStatus.watch(
                    change -> {
                        if (json()) {
                            printJson(change, JsonLayout.LINE);
                        } else {
                            terminal().line(PromotionStates.line(change));
                        }
                    },
                    connection,
                    id);
        }
        if (json()) {
            printJson(promotion);
        } else {
            terminal().line(PromotionStates.line(promotion));
        }
        return ExitCode.OK;
    }
}
