package dev.fairlead.control.job.grpc;

import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.agent.wire.AgentMessages;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.Attempt;
import dev.fairlead.control.job.AttemptId;
import dev.fairlead.control.job.AttemptRef;
import dev.fairlead.control.job.AttemptState;
import dev.fairlead.control.job.Attempts.Told;
import dev.fairlead.control.job.Fence;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.JobState;
import dev.fairlead.control.job.Report;
import dev.fairlead.proto.v1.Assignment;
import dev.fairlead.proto.v1.AttemptUpdate;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Jobs and attempts as messages, and back. */
final class JobMessages {
    private static final int LARGEST_RESULT = 64 * 1024;

    private JobMessages() {}

    static dev.fairlead.proto.v1.Job job(Job job) {
        var message = dev.fairlead.proto.v1.Job.newBuilder()
                .setId(job.id().value())
                .setSpec(SpecMessages.message(job.spec()))
                .setState(state(job.state()))
                .setSubmittedAt(AgentMessages.timestamp(job.submittedAt()))
                .setSubmitter(job.submitter())
                .setPromotionId(job.promotionId() == null ? "" : job.promotionId())
                .setResultJson(job.resultJson())
                .setCancelRequested(job.cancelRequested());
        if (job.reason() != null) {
            message.setReason(AgentMessages.reason(job.reason()));
        }
        if (job.finishedAt() != null) {
            message.setFinishedAt(AgentMessages.timestamp(job.finishedAt()));
        }
        job.outputs().forEach((name, tree) -> message.putOutputs(name, tree.toString()));
        job.attempts().forEach(attempt -> message.addAttempts(attempt(attempt)));
        return message.build();
    }

    private static dev.fairlead.proto.v1.Attempt attempt(Attempt attempt) {
        var message = dev.fairlead.proto.v1.Attempt.newBuilder()
                .setId(attempt.id().toString())
                .setNumber(attempt.id().number())
                .setAgent(attempt.agent().value())
                .setFence(attempt.fence().value())
                .setState(state(attempt.state()))
                .setPlacedAt(AgentMessages.timestamp(attempt.placedAt()))
                .setLeaseUntil(AgentMessages.timestamp(attempt.leaseUntil()))
                .setProgress(attempt.progress())
                .setExitCode(attempt.exitCode());
        if (attempt.reason() != null) {
            message.setReason(AgentMessages.reason(attempt.reason()));
        }
        if (attempt.startedAt() != null) {
            message.setStartedAt(AgentMessages.timestamp(attempt.startedAt()));
        }
        if (attempt.finishedAt() != null) {
            message.setFinishedAt(AgentMessages.timestamp(attempt.finishedAt()));
        }
        return message.build();
    }

    static Assignment assignment(Job job, Attempt attempt) {
        return Assignment.newBuilder()
                .setAttempt(ref(attempt.ref()))
                .setSpec(SpecMessages.message(job.spec()))
                .setDevice(attempt.device())
                .setLeaseUntil(AgentMessages.timestamp(attempt.leaseUntil()))
                .setTraceparent(job.traceparent())
                .setNumber(attempt.id().number())
                .build();
    }

    static dev.fairlead.proto.v1.AttemptRef ref(AttemptRef ref) {
        return dev.fairlead.proto.v1.AttemptRef.newBuilder()
                .setJobId(ref.id().job().value())
                .setAttemptId(ref.id().toString())
                .setFence(ref.fence().value())
                .build();
    }

    static AttemptRef ref(dev.fairlead.proto.v1.AttemptRef message) {
        AttemptId id = AttemptId.parse(message.getAttemptId(), "attempt.attempt_id");
        if (!message.getJobId().equals(id.job().value())) {
            throw FairleadException.invalid(
                    "attempt.job_id", "is not the job of attempt " + id + ": '" + message.getJobId() + "'");
        }
        if (message.getFence() < 1) {
            throw FairleadException.invalid("attempt.fence", "must be at least 1, got " + message.getFence());
        }
        return new AttemptRef(id, new Fence(message.getFence()));
    }

    static Told told(AgentName agent, AttemptUpdate message) {
        int bytes = message.getResultJson().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LARGEST_RESULT) {
            throw FairleadException.invalid(
                    "update.result_json", "must be at most " + LARGEST_RESULT + " bytes, got " + bytes);
        }
        TreeMap<String, Digest> outputs = new TreeMap<>();
        message.getOutputsMap()
                .forEach((name, tree) -> outputs.put(name, Digest.parse(tree, "update.outputs." + name)));
        return new Told(
                agent,
                new Report(
                        ref(message.getAttempt()),
                        state(message.getState()),
                        reason(message),
                        message.getProgress(),
                        message.getExitCode(),
                        outputs,
                        message.getResultJson(),
                        message.getSequence()));
    }

    private static @Nullable Reason reason(AttemptUpdate message) {
        return message.getReason().getCode().isBlank()
                ? null
                : new Reason(message.getReason().getCode(), message.getReason().getSentence());
    }

    private static AttemptState state(dev.fairlead.proto.v1.AttemptState state) {
        return switch (state) {
            case ATTEMPT_STATE_PLACED -> AttemptState.PLACED;
            case ATTEMPT_STATE_STAGING -> AttemptState.STAGING;
            case ATTEMPT_STATE_RUNNING -> AttemptState.RUNNING;
            case ATTEMPT_STATE_UNKNOWN -> AttemptState.UNKNOWN;
            case ATTEMPT_STATE_SUCCEEDED -> AttemptState.SUCCEEDED;
            case ATTEMPT_STATE_FAILED -> AttemptState.FAILED;
            case ATTEMPT_STATE_CANCELLED -> AttemptState.CANCELLED;
            case ATTEMPT_STATE_FENCED -> AttemptState.FENCED;
            case ATTEMPT_STATE_UNSPECIFIED, UNRECOGNIZED ->
                throw FairleadException.invalid("update.state", "is not a state that is known");
        };
    }

    private static dev.fairlead.proto.v1.AttemptState state(AttemptState state) {
        return switch (state) {
            case PLACED -> dev.fairlead.proto.v1.AttemptState.ATTEMPT_STATE_PLACED;
            case STAGING -> dev.fairlead.proto.v1.AttemptState.ATTEMPT_STATE_STAGING;
            case RUNNING -> dev.fairlead.proto.v1.AttemptState.ATTEMPT_STATE_RUNNING;
            case UNKNOWN -> dev.fairlead.proto.v1.AttemptState.ATTEMPT_STATE_UNKNOWN;
            case SUCCEEDED -> dev.fairlead.proto.v1.AttemptState.ATTEMPT_STATE_SUCCEEDED;
            case FAILED -> dev.fairlead.proto.v1.AttemptState.ATTEMPT_STATE_FAILED;
            case CANCELLED -> dev.fairlead.proto.v1.AttemptState.ATTEMPT_STATE_CANCELLED;
            case FENCED -> dev.fairlead.proto.v1.AttemptState.ATTEMPT_STATE_FENCED;
        };
    }

    static dev.fairlead.proto.v1.JobState state(JobState state) {
        return switch (state) {
            case SUBMITTED -> dev.fairlead.proto.v1.JobState.JOB_STATE_SUBMITTED;
            case PLACED -> dev.fairlead.proto.v1.JobState.JOB_STATE_PLACED;
            case STAGING -> dev.fairlead.proto.v1.JobState.JOB_STATE_STAGING;
            case RUNNING -> dev.fairlead.proto.v1.JobState.JOB_STATE_RUNNING;
            case RECOVERING -> dev.fairlead.proto.v1.JobState.JOB_STATE_RECOVERING;
            case UNKNOWN -> dev.fairlead.proto.v1.JobState.JOB_STATE_UNKNOWN;
            case SUCCEEDED -> dev.fairlead.proto.v1.JobState.JOB_STATE_SUCCEEDED;
            case FAILED -> dev.fairlead.proto.v1.JobState.JOB_STATE_FAILED;
            case CANCELLED -> dev.fairlead.proto.v1.JobState.JOB_STATE_CANCELLED;
        };
    }

    static JobState state(dev.fairlead.proto.v1.JobState state) {
        return switch (state) {
            case JOB_STATE_SUBMITTED -> JobState.SUBMITTED;
            case JOB_STATE_PLACED -> JobState.PLACED;
            case JOB_STATE_STAGING -> JobState.STAGING;
            case JOB_STATE_RUNNING -> JobState.RUNNING;
            case JOB_STATE_RECOVERING -> JobState.RECOVERING;
            case JOB_STATE_UNKNOWN -> JobState.UNKNOWN;
            case JOB_STATE_SUCCEEDED -> JobState.SUCCEEDED;
            case JOB_STATE_FAILED -> JobState.FAILED;
            case JOB_STATE_CANCELLED -> JobState.CANCELLED;
            case JOB_STATE_UNSPECIFIED, UNRECOGNIZED ->
                throw FairleadException.invalid("states", "has a state that is not known");
        };
    }
}
