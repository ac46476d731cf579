package dev.fairlead.cli.parity;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.cli.terminal.Table;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.ListReportsRequest;
import dev.fairlead.proto.v1.PageRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "ls", description = "Lists parity reports, newest first.")
final class ParityLs extends ServerCommand {
    @Option(names = "--limit", paramLabel = "N", description = "At most so many (default ${DEFAULT-VALUE}).")
    private int limit = 50;

    ParityLs(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        var answer = connection
                .parity()
                .list(ListReportsRequest.newBuilder()
                        .setPage(PageRequest.newBuilder().setSize(limit))
                        .build());
        if (json()) {
            printJson(answer);
            return ExitCode.OK;
        }
        var table = new Table("REPORT", "PROMOTION", "VERDICT", "AGE", "SENTENCE");
        var now = context().clock().instant();
        answer.getReportsList()
                .forEach(report -> table.row(
                        report.getReportDigest(),
                        report.getPromotionId(),
                        Words.of(report.getVerdict()),
                        Words.age(report.getJudgedAt(), now),
                        report.getSentence()));
        table.print(terminal(), "no reports");
        return ExitCode.OK;
    }
}
