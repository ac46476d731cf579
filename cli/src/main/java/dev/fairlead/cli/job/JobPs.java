package dev.fairlead.cli.job;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.cli.terminal.Table;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.Job;
import dev.fairlead.proto.v1.JobState;
import dev.fairlead.proto.v1.ListJobsRequest;
import dev.fairlead.proto.v1.PageRequest;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "ps", description = "Lists jobs that have not ended, newest first.")
final class JobPs extends ServerCommand {
    private static final Set<JobState> ENDED =
            EnumSet.of(JobState.JOB_STATE_SUCCEEDED, JobState.JOB_STATE_FAILED, JobState.JOB_STATE_CANCELLED);

    @Option(
            names = {"-a", "--all"},
            description = "Also jobs that have ended.")
    private boolean all;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many (default ${DEFAULT-VALUE}).")
    private int limit = 50;

    @Option(names = "--watch", description = "Repeats the list every two seconds until interrupted.")
    private boolean watch;

    JobPs(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) throws InterruptedException {
        show(connection);
        while (watch) {
            context().pause().seconds(2);
            terminal().line("");
            show(connection);
        }
        return ExitCode.OK;
    }

    private void show(Connection connection) {
        var request =
                ListJobsRequest.newBuilder().setPage(PageRequest.newBuilder().setSize(limit));
        if (!all) {
            request.addAllStates(EnumSet.allOf(JobState.class).stream()
                    .filter(state -> !ENDED.contains(state)
                            && state != JobState.UNRECOGNIZED
                            && state != JobState.JOB_STATE_UNSPECIFIED)
                    .toList());
        }
        var answer = connection.jobs().list(request.build());
        if (json()) {
            printJson(answer, watch ? JsonLayout.LINE : JsonLayout.INDENTED);
        } else {
            table(answer.getJobsList(), context().clock().instant())
                    .print(terminal(), all ? "no jobs" : "no jobs to do");
        }
    }

    static Table table(List<Job> jobs, Instant now) {
        var table = new Table("JOB", "KIND", "NAME", "STATE", "PROGRESS", "AGENT", "AGE", "REASON");
        for (var job : jobs) {
            var progress = JobStates.progress(job);
            table.row(
                    job.getId(),
                    Words.of(job.getSpec().getKind()),
                    job.getSpec().getName(),
                    Words.of(job.getState()),
                    progress < 0 || job.getAttemptsCount() == 0
                            ? ""
                            : String.format(Locale.ROOT, "%.0f %%", progress * 100),
                    JobStates.agent(job),
                    Words.age(job.getSubmittedAt(), now),
                    Words.of(job.getReason()));
        }
        return table;
    }
}
