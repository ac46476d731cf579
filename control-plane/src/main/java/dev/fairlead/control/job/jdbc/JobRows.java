package dev.fairlead.control.job.jdbc;

import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.Attempt;
import dev.fairlead.control.job.AttemptId;
import dev.fairlead.control.job.AttemptState;
import dev.fairlead.control.job.Fence;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.job.JobKind;
import dev.fairlead.control.job.JobSpec;
import dev.fairlead.control.job.JobState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row of {@code job} or {@code past_attempt} as records, and back. */
final class JobRows {
    /** What {@link #job} reads; the specification is read apart, because it never changes. */
    static final String JOB = """
            id, submitter, promotion_id, traceparent, submitted_at, state, reason_code, reason_sentence, cancel_requested,
            due_at, finished_at, outputs, result, attempt as number, attempt_state, attempt_code as code,
            attempt_sentence as sentence, agent, device, fence, placed_at, started_at, attempt_ended_at as ended_at,
            lease_until, progress, exit_code, sequence
            """;

    static final String PAST = """
            job_id as id, number, state as attempt_state, code, sentence, agent, device, fence, placed_at, started_at,
            ended_at, lease_until, progress, exit_code, sequence
            """;

    private JobRows() {}

    // Stands for a specification until it is read, which is once in a job's life.
    private static final JobSpec UNREAD = JobSpec.of(JobKind.COMPARE, "unread");

    /** A job with neither its specification nor its past attempts. */
    static Job job(ResultSet row) throws SQLException {
        JobId id = new JobId(row.getString("id"));
        String outputs = row.getString("outputs");
        String result = row.getString("result");
        Map<String, Digest> trees = outputs == null ? Map.of() : SpecJson.readOutputs(outputs);
        return new Job(
                id,
                UNREAD,
                row.getString("submitter"),
                row.getString("promotion_id"),
                row.getString("traceparent"),
                required(instant(row, "submitted_at"), "submitted_at"),
                JobState.valueOf(row.getString("state")),
                reason(row, "reason_code", "reason_sentence"),
                row.getBoolean("cancel_requested"),
                instant(row, "due_at"),
                row.getInt("number") == 0 ? null : attempt(row, id),
                List.of(),
                instant(row, "finished_at"),
                trees,
                result == null ? "" : result);
    }

    static Attempt attempt(ResultSet row, JobId job) throws SQLException {
        return new Attempt(
                new AttemptId(job, row.getInt("number")),
                new AgentName(row.getString("agent")),
                row.getString("device"),
                new Fence(row.getLong("fence")),
                AttemptState.valueOf(row.getString("attempt_state")),
                reason(row, "code", "sentence"),
                required(instant(row, "placed_at"), "placed_at"),
                instant(row, "started_at"),
                instant(row, "ended_at"),
                required(instant(row, "lease_until"), "lease_until"),
                row.getFloat("progress"),
                row.getInt("exit_code"),
                row.getLong("sequence"));
    }

    private static @Nullable Reason reason(ResultSet row, String code, String sentence) throws SQLException {
        String text = row.getString(code);
        return text == null ? null : new Reason(text, row.getString(sentence));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static Instant required(@Nullable Instant time, String column) {
        if (time == null) {
            throw new IllegalStateException("job." + column + ": is null");
        }
        return time;
    }
}
