package dev.fairlead.cli.job;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.CancelJobRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "cancel", description = "Asks for a job's cancellation; one that has ended stays as it is.")
final class JobCancel extends ServerCommand {
    @Parameters(index = "0", paramLabel = "JOB", description = "The job's id.")
    private String id = "";

    JobCancel(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        var job =
                connection.jobs().cancel(CancelJobRequest.newBuilder().setId(id).build());
        if (json()) {
            printJson(job);
        } else {
            terminal().line(JobStates.ended(job) ? Words.of(job.getState()) : "cancellation asked for");
        }
        return ExitCode.OK;
    }
}
