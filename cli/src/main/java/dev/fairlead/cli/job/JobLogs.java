package dev.fairlead.cli.job;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.proto.v1.JobLogsRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "logs", description = "Prints the log of a job's latest attempt.")
final class JobLogs extends ServerCommand {
    @Parameters(index = "0", paramLabel = "JOB", description = "The job's id.")
    private String id = "";

    @Option(names = "--attempt", paramLabel = "N", description = "Another attempt; 1 is the first.")
    private int attempt;

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on until the attempt ends.")
    private boolean follow;

    JobLogs(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        new JobLog(connection, terminal().out())
                .print(JobLogsRequest.newBuilder()
                        .setId(id)
                        .setAttempt(attempt)
                        .setFollow(follow)
                        .build());
        return ExitCode.OK;
    }
}
