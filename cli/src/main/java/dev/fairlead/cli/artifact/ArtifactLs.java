package dev.fairlead.cli.artifact;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.cli.terminal.Table;
import dev.fairlead.cli.terminal.Units;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.ListTreesRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "ls", description = "Lists committed trees, newest first.")
final class ArtifactLs extends ServerCommand {
    @Option(names = "--limit", paramLabel = "N", description = "At most so many (default ${DEFAULT-VALUE}).")
    private int limit = 100;

    ArtifactLs(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        var answer = connection
                .artifacts()
                .list(ListTreesRequest.newBuilder().setLimit(limit).build());
        if (json()) {
            printJson(answer);
            return ExitCode.OK;
        }
        var table = new Table("TREE", "FILES", "SIZE", "AGE");
        var now = context().clock().instant();
        answer.getTreesList()
                .forEach(tree -> table.row(
                        tree.getDigest(),
                        Integer.toString(tree.getFilesCount()),
                        Units.bytes(tree.getTotalBytes()),
                        Words.age(tree.getCommittedAt(), now)));
        table.print(terminal(), "no trees");
        var quota = answer.getQuotaBytes() == 0 ? "no quota" : "quota " + Units.bytes(answer.getQuotaBytes());
        terminal().note(Units.bytes(answer.getStoredBytes()) + " stored, " + quota);
        return ExitCode.OK;
    }
}
