package dev.fairlead.cli.parity;

import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.parity.compare.ReportText;
import dev.fairlead.parity.verdict.ReportJson;
import dev.fairlead.proto.v1.GetReportRequest;
import dev.fairlead.proto.v1.ParityReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description =
                "Shows a parity report. The exit code is its verdict: 0 passed, 1 failed or error, 7 inconclusive.",
        footer = {"", "Example:", "  fairlead parity show --promotion 01JD…"})
final class ParityShow extends ServerCommand {
    /** One of the three ways to name a report. */
    static final class Key {
        @Parameters(index = "0", paramLabel = "REPORT", description = "The report's digest.")
        private @Nullable String digest;

        @Option(names = "--job", paramLabel = "JOB", description = "The compare job that made it.")
        private @Nullable String job;

        @Option(names = "--promotion", paramLabel = "PROMOTION", description = "The promotion that it decided.")
        private @Nullable String promotion;

        GetReportRequest request() {
            var request = GetReportRequest.newBuilder();
            if (digest != null) {
                return request.setReportDigest(digest).build();
            }
            if (job != null) {
                return request.setJobId(job).build();
            }
            if (promotion != null) {
                return request.setPromotionId(promotion).build();
            }
            throw CommandFailure.usage("name a report, --job or --promotion");
        }
    }

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Key key = new Key();

    ParityShow(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        var report = connection.parity().getReport(key.request());
        if (json()) {
            printJson(report);
        } else if (report.getJson().isEmpty()) {
            ParityTable.print(report, terminal());
        } else {
            ReportText.of(ReportJson.report("report.json", report.getJson()))
                    .lines()
                    .forEach(terminal()::line);
            terminal().line("");
            terminal().line("more: fairlead parity show " + report.getReportDigest() + " -o json");
        }
        return outcome(report);
    }

    static ExitCode outcome(ParityReport report) {
        return switch (report.getVerdict()) {
            case PARITY_VERDICT_PASSED, PARITY_VERDICT_PENDING, PARITY_VERDICT_RUNNING -> ExitCode.OK;
            case PARITY_VERDICT_INCONCLUSIVE -> ExitCode.INCONCLUSIVE;
            case PARITY_VERDICT_FAILED, PARITY_VERDICT_ERROR, PARITY_VERDICT_UNSPECIFIED, UNRECOGNIZED ->
                ExitCode.FAILED;
        };
    }
}
