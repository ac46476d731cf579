package dev.fairlead.cli.job;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.GetJobRequest;
import dev.fairlead.proto.v1.Job;
import dev.fairlead.proto.v1.JobLogsRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Prints a job's log as it grows, over all its attempts, and in the end how it went. */
final class JobFollower {
    private final Connection connection;
    private final Context context;

    JobFollower(Connection connection, Context context) {
        this.connection = connection;
        this.context = context;
    }

    /** Log to `out`, or to `err` where `result` takes the ended job in its place. */
    ExitCode follow(String id, @Nullable Consumer<Job> result) throws InterruptedException {
        var out = result == null ? context.terminal().out() : context.terminal().err();
        var printed = 0;
        while (true) {
            var job = connection.jobs().get(GetJobRequest.newBuilder().setId(id).build());
            var ended = JobStates.ended(job);
            for (; printed < job.getAttemptsCount(); printed++) {
                new JobLog(connection, out)
                        .print(JobLogsRequest.newBuilder()
                                .setId(id)
                                .setAttempt(job.getAttempts(printed).getNumber())
                                .setFollow(true)
                                .build());
            }
            if (ended) {
                if (result != null) {
                    result.accept(job);
                }
                context.terminal().note(sentence(job));
                return JobStates.outcome(job);
            }
            context.pause().seconds(0.2);
        }
    }

    private static String sentence(Job job) {
        var reason = Words.of(job.getReason());
        return "job " + job.getId() + " " + Words.of(job.getState()) + (reason.isEmpty() ? "" : ": " + reason);
    }
}
