package dev.fairlead.cli.promote;

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

    PromoteApprove(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        var promotion = connection
                .promotions()
                .approve(ApprovePromotionRequest.newBuilder().setId(id).build());
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
