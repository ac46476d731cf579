package dev.fairlead.cli.job;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.cli.terminal.Table;
import dev.fairlead.cli.terminal.Units;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.PlanJobRequest;
import dev.fairlead.proto.v1.PlanJobResponse;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "plan",
        description = "Says where a job would run, and why not elsewhere, without submitting it.",
        footer = {"", "Local folders among its inputs are uploaded, so that the table counts what agents hold of them."
        })
final class JobPlan extends ServerCommand {
    @Parameters(index = "0", paramLabel = "FILE", description = "The job file, YAML.")
    private Path file = Path.of("");

    JobPlan(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) throws InterruptedException {
        var spec = new JobFiles(connection, terminal(), Path.of("")).resolve(JobFile.read(file));
        var plan =
                connection.jobs().plan(PlanJobRequest.newBuilder().setSpec(spec).build());
        if (json()) {
            printJson(plan);
        } else {
            table(plan).print(terminal(), "no agents");
            terminal()
                    .line(
                            plan.getAgent().isEmpty()
                                    ? "would wait: " + Words.of(plan.getPending())
                                    : "would run on " + plan.getAgent());
        }
        return ExitCode.OK;
    }

    /** The candidate table. */
    static Table table(PlanJobResponse plan) {
        var table = new Table("AGENT", "POOL", "FITS", "FREE", "LOCAL", "SCORE", "REASON");
        plan.getCandidatesList()
                .forEach(candidate -> table.row(
                        candidate.getAgent() + (candidate.getStandIn() ? " (stand-in)" : ""),
                        candidate.getPool(),
                        candidate.getFits() ? "yes" : "no",
                        Units.bytes(candidate.getFreeMemoryBytes()),
                        Units.bytes(candidate.getLocalBytes()),
                        candidate.getFits() ? Units.number(candidate.getScore()) : "",
                        Words.of(candidate.getReason())));
        return table;
    }
}
