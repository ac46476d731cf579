package dev.fairlead.control.job;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.error.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job as it stands. Its transitions are in {@link Lifecycle}.
 *
 * @param spec every ref in it is a tree digest
 * @param promotionId the promotion that created it; null for none
 * @param reason why it is not running, or how it ended; null while all is well
 * @param dueAt RECOVERING: not before this; UNKNOWN: the end of the grace; else null
 * @param latest the attempt that is current, or the last one that was; null before the first
 * @param past the attempts before {@code latest}, oldest first; empty where they were not asked for
 * @param outputs output name to tree, of the attempt that succeeded
 * @param resultJson the small JSON object that the work left; empty where it left none
 */
public record Job(
        JobId id,
        JobSpec spec,
        String submitter,
        @Nullable String promotionId,
        String traceparent,
        Instant submittedAt,
        JobState state,
        @Nullable Reason reason,
        boolean cancelRequested,
        @Nullable Instant dueAt,
        @Nullable Attempt latest,
        List<Attempt> past,
        @Nullable Instant finishedAt,
        Map<String, Digest> outputs,
        String resultJson) {
    public Job {
        past = List.copyOf(past);
        outputs = Map.copyOf(outputs);
        if (state.held() && (latest == null || !latest.state().live())) {
            throw new IllegalArgumentException(id + ": is " + state + " without a live attempt");
        }
    }

    public static Job submitted(JobId id, Submission from, JobSpec resolved, Instant now) {
        return new Job(
                id,
                resolved,
                from.submitter(),
                from.promotionId(),
                from.traceparent(),
                now,
                JobState.SUBMITTED,
                null,
                false,
                null,
                null,
                List.of(),
                null,
                Map.of(),
                "");
    }

    /** The same with its specification, for stores. */
    public Job with(JobSpec readSpec) {
        return new Job(
                id,
                readSpec,
                submitter,
                promotionId,
                traceparent,
                submittedAt,
                state,
                reason,
                cancelRequested,
                dueAt,
                latest,
                past,
                finishedAt,
                outputs,
                resultJson);
    }

    /** The same with its past attempts, for stores. */
    public Job withPast(List<Attempt> attempts) {
        return new Job(
                id,
                spec,
                submitter,
                promotionId,
                traceparent,
                submittedAt,
                state,
                reason,
                cancelRequested,
                dueAt,
                latest,
                attempts,
                finishedAt,
                outputs,
                resultJson);
    }

    /** All attempts that are known here, oldest first. */
    public List<Attempt> attempts() {
        List<Attempt> all = new ArrayList<>(past);
        if (latest != null) {
            all.add(latest);
        }
        return List.copyOf(all);
    }

    /** The identity of the attempt that would come next. */
    AttemptId nextAttempt() {
        return new AttemptId(id, latest == null ? 1 : latest.id().number() + 1);
    }

    /** The attempt that may still write. */
    public Optional<Attempt> current() {
        return Optional.ofNullable(latest).filter(attempt -> attempt.state().live());
    }

    Attempt live() {
        return current()
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.JOB_WRONG_STATE, "", "job " + id + " is " + state + ": no attempt is current"));
    }

    Job with(Attempt attempt) {
        return new Job(
                id,
                spec,
                submitter,
                promotionId,
                traceparent,
                submittedAt,
                state,
                reason,
                cancelRequested,
                dueAt,
                attempt,
                past,
                finishedAt,
                outputs,
                resultJson);
    }

    Job cancelling() {
        return new Job(
                id,
                spec,
                submitter,
                promotionId,
                traceparent,
                submittedAt,
                state,
                reason,
                true,
                dueAt,
                latest,
                past,
                finishedAt,
                outputs,
                resultJson);
    }

    Job delivering(Map<String, Digest> trees, String result) {
        return new Job(
                id,
                spec,
                submitter,
                promotionId,
                traceparent,
                submittedAt,
                state,
                reason,
                cancelRequested,
                dueAt,
                latest,
                past,
                finishedAt,
                trees,
                result);
    }

    /** The only way to another state. */
    Job to(JobState next, @Nullable Reason why, @Nullable Instant due, @Nullable Attempt attempt, Instant now) {
        if (!state.next().contains(next)) {
            throw new FairleadException(
                    ErrorCode.JOB_WRONG_STATE, "", "job " + id + " is " + state + " and cannot become " + next);
        }
        return new Job(
                id,
                spec,
                submitter,
                promotionId,
                traceparent,
                submittedAt,
                next,
                why,
                cancelRequested,
                due,
                attempt,
                past,
                next.ended() ? now : null,
                outputs,
                resultJson);
    }
}
