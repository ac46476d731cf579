package dev.fairlead.cli.job;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.proto.v1.SubmitJobRequest;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "submit",
        description = "Submits a job; local folders among its inputs are uploaded first.",
        footer = {
            "",
            "Examples:",
            "  fairlead job submit examples/digits/job.yaml --follow",
            "  fairlead job submit job.yaml --key nightly-2026-01-31   (a second time: the same job)"
        })
final class JobSubmit extends ServerCommand {
    @Parameters(index = "0", paramLabel = "FILE", description = "The job file, YAML.")
    private Path file = Path.of("");

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Idempotency key: the same key and job give the same job; default a fresh one.")
    private @Nullable String key;

    @Option(names = "--follow", description = "Prints the job's log until it ends; the exit code is its outcome.")
    private boolean follow;

    JobSubmit(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) throws InterruptedException {
        var spec = new JobFiles(connection, terminal(), Path.of("")).resolve(JobFile.read(file));
        var answer = connection
                .jobs()
                .submit(SubmitJobRequest.newBuilder()
                        .setSpec(spec)
                        .setIdempotencyKey(key == null ? context().keys().get() : key)
                        .build());
        var job = answer.getJob();
        if (follow) {
            terminal().note((answer.getCreated() ? "submitted " : "already submitted ") + job.getId());
            return new JobFollower(connection, context()).follow(job.getId(), json() ? this::printJson : null);
        }
        if (json()) {
            printJson(answer);
        } else {
            terminal().line(job.getId());
        }
        return ExitCode.OK;
    }
}
