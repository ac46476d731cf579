package dev.fairlead.cli.artifact;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.cli.terminal.Units;
import dev.fairlead.proto.v1.CollectGarbageRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "gc", description = "Removes blobs that nothing refers to.")
final class ArtifactGc extends ServerCommand {
    @Option(names = "--dry-run", description = "Says what would go, and removes nothing.")
    private boolean dryRun;

    ArtifactGc(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        var answer = connection
                .artifacts()
                .collectGarbage(
                        CollectGarbageRequest.newBuilder().setDryRun(dryRun).build());
        if (json()) {
            printJson(answer);
        } else {
            terminal()
                    .line((dryRun ? "would remove " : "removed ") + answer.getBlobs() + " blobs, "
                            + Units.bytes(answer.getBytes()));
        }
        return ExitCode.OK;
    }
}
