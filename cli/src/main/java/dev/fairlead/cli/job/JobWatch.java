package dev.fairlead.cli.job;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.Job;
import dev.fairlead.proto.v1.WatchJobRequest;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "watch", description = "Prints each change of a job until it ends; the exit code is its outcome.")
final class JobWatch extends ServerCommand {
    @Parameters(index = "0", paramLabel = "JOB", description = "The job's id.")
    private String id = "";

    JobWatch(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        var last = Job.getDefaultInstance();
        var printed = "";
        var changes = connection
                .jobsStream()
                .watch(WatchJobRequest.newBuilder().setId(id).build());
        while (changes.hasNext()) {
            last = changes.next();
            var line = line(last);
            if (json()) {
                printJson(last, JsonLayout.LINE);
            } else if (!line.equals(printed)) {
                terminal().line(line);
            }
            printed = line;
        }
        return JobStates.outcome(last);
    }

    static String line(Job job) {
        var agent = JobStates.agent(job);
        var progress = JobStates.progress(job);
        var reason = Words.of(job.getReason());
        return Words.of(job.getState())
                + (agent.isEmpty() ? "" : " on " + agent)
                + (progress > 0 ? String.format(Locale.ROOT, " %.0f %%", progress * 100) : "")
                + (reason.isEmpty() ? "" : ": " + reason);
    }
}
