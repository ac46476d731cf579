package dev.fairlead.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.cli.demo.Steps.Meter;
import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.job.JobLog;
import dev.fairlead.cli.job.JobStates;
import dev.fairlead.cli.local.LogTail;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.GetJobRequest;
import dev.fairlead.proto.v1.Job;
import dev.fairlead.proto.v1.JobInput;
import dev.fairlead.proto.v1.JobKind;
import dev.fairlead.proto.v1.JobLogsRequest;
import dev.fairlead.proto.v1.JobOutput;
import dev.fairlead.proto.v1.JobSpec;
import dev.fairlead.proto.v1.JobState;
import dev.fairlead.proto.v1.ModelFormat;
import dev.fairlead.proto.v1.ModelWork;
import dev.fairlead.proto.v1.Resources;
import dev.fairlead.proto.v1.SubmitJobRequest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Locale;

/** Runs jobs to their end, and says why one failed. */
final class DemoJobs {
    private final Connection connection;
    private final Context context;

    DemoJobs(Connection connection, Context context) {
        this.connection = connection;
        this.context = context;
    }

    /** Batch inference with what the alias points at, over the first version's golden inputs, in the pool `cuda`. */
    static JobSpec inference(String model, String environment) {
        return JobSpec.newBuilder()
                .setKind(JobKind.JOB_KIND_INFER)
                .setName(model + "-held-out")
                .setModel(ModelWork.newBuilder().setRef(model + "@" + environment))
                .addInputs(JobInput.newBuilder().setName("data").setRef(model + "@1/suite"))
                .addOutputs(JobOutput.newBuilder().setName("outputs"))
                .setResources(Resources.newBuilder().setPool("cuda").setFormat(ModelFormat.MODEL_FORMAT_ONNX))
                .build();
    }

    /** Submits and waits. */
    Job run(JobSpec spec, Meter meter) throws InterruptedException {
        var job = connection
                .jobs()
                .submit(SubmitJobRequest.newBuilder()
                        .setSpec(spec)
                        .setIdempotencyKey(context.keys().get())
                        .build())
                .getJob();
        while (!JobStates.ended(job)) {
            show(job, meter);
            context.pause().seconds(0.2);
            job = get(job.getId());
        }
        if (job.getState() != JobState.JOB_STATE_SUCCEEDED) {
            throw failure(job);
        }
        return job;
    }

    Job get(String id) {
        return connection.jobs().get(GetJobRequest.newBuilder().setId(id).build());
    }

    static void show(Job job, Meter meter) {
        var waiting = job.getState() == JobState.JOB_STATE_SUBMITTED || job.getState() == JobState.JOB_STATE_RECOVERING;
        meter.show(
                JobStates.progress(job), Words.of(job.getState()) + (waiting ? " " + Words.of(job.getReason()) : ""));
    }

    /** The job's reason and the end of its log. */
    CommandFailure failure(Job job) {
        var log = new StringWriter();
        if (job.getAttemptsCount() > 0) {
            new JobLog(connection, new PrintWriter(log))
                    .print(JobLogsRequest.newBuilder().setId(job.getId()).build());
        }
        return new CommandFailure(
                ExitCode.FAILED,
                "job " + job.getSpec().getName() + " (" + Words.of(job.getSpec().getKind()) + ", " + job.getId() + ") "
                        + Words.of(job.getState()) + ": " + Words.of(job.getReason()),
                log.toString().isBlank() ? "It left no log." : "Its log ends with:\n" + LogTail.of(log.toString()));
    }

    /** What the work left in result.json, as `accuracy 97.8 %, cases 359`. */
    static String summary(Job job) {
        var words = new ArrayList<String>();
        try {
            var result = new ObjectMapper().readTree(job.getResultJson().isEmpty() ? "{}" : job.getResultJson());
            if (result.path("accuracy").isNumber()) {
                words.add(String.format(
                        Locale.ROOT, "accuracy %.1f %%", result.path("accuracy").asDouble() * 100));
            }
            if (result.path("cases").isNumber()) {
                words.add(result.path("cases").asLong() + " cases");
            }
        } catch (JsonProcessingException e) {
            throw new CommandFailure(
                    ExitCode.INTERNAL,
                    "result.json of job " + job.getId() + " is no JSON: " + e.getOriginalMessage(),
                    "");
        }
        return String.join(", ", words);
    }
}
