package dev.fairlead.control.job;

import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.Attempts.Placement;
import dev.fairlead.control.job.JobStore.NewAttempt;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may happen to a job, as pure functions from a job to the next one. An illegal step fails with JOB_WRONG_STATE.
 *
 * @param now the time of the step
 * @param lease how long an attempt is held without a sign of life
 * @param jitter 0 to 1, for the wait before the next attempt
 */
record Lifecycle(Instant now, Duration lease, double jitter) {
    /** Failures that the same job would meet again anywhere. */
    private static final Set<String> FINAL = Set.of(
            "UnsupportedOperations",
            "InvalidSpec",
            "InvalidModel",
            "InvalidInput",
            "OutputsMissing",
            "BadTask",
            "BadOutput");

    /** What the store is asked to begin. */
    NewAttempt begin(Placement placement) {
        return new NewAttempt(
                placement.job().nextAttempt(), placement.agent(), placement.device(), now, now.plus(lease));
    }

    Job place(Job job, AgentName agent, String device, Fence fence) {
        Attempt attempt = Attempt.placed(job.nextAttempt(), agent, device, fence, now, now.plus(lease));
        return job.to(JobState.PLACED, null, null, attempt, now);
    }

    /** Takes an agent's report in. */
    Verdict report(Job job, Report report) {
        Attempt latest = job.latest();
        if (latest == null || !latest.ref().equals(report.attempt()) || latest.state() == AttemptState.FENCED) {
            return new Verdict.Refused();
        }
        if (report.sequence() <= latest.sequence()) {
            return new Verdict.Repeated();
        }
        if (!latest.state().live()) {
            return new Verdict.Refused();
        }
        Attempt attempt =
                latest.leased(now.plus(lease)).reported(report.progress(), report.exitCode(), report.sequence());
        return switch (report.state()) {
            case PLACED -> new Verdict.Applied(job.with(attempt));
            case STAGING -> new Verdict.Applied(moved(job, attempt, JobState.STAGING, report.reason()));
            case RUNNING -> new Verdict.Applied(moved(job, attempt, JobState.RUNNING, report.reason()));
            case SUCCEEDED -> new Verdict.Applied(succeeded(job, attempt, report));
            case FAILED ->
                new Verdict.Applied(failed(job.delivering(job.outputs(), report.resultJson()), attempt, report));
            case CANCELLED -> new Verdict.Applied(stopped(job, attempt, report));
            case UNKNOWN, FENCED -> new Verdict.Refused();
        };
    }

    /** The agent says that the attempt lives: its lease goes on, and an UNKNOWN one is known again. */
    Job renew(Job job) {
        Attempt attempt = job.live().leased(now.plus(lease));
        if (job.state() != JobState.UNKNOWN) {
            return job.with(attempt);
        }
        boolean started = attempt.startedAt() != null;
        AttemptState back = started ? AttemptState.RUNNING : AttemptState.STAGING;
        return job.to(started ? JobState.RUNNING : JobState.STAGING, null, null, attempt.in(back, null, now), now);
    }

    /** The lease ran out. */
    Job lose(Job job) {
        Attempt attempt = job.live();
        Reason why = new Reason(
                "LeaseExpired",
                "agent " + attempt.agent() + " has not renewed the lease of attempt "
                        + attempt.id().number() + " for "
                        + Duration.between(attempt.leaseUntil(), now)
                                .plus(lease)
                                .toSeconds() + " s");
        if (job.cancelRequested()) {
            return job.to(JobState.CANCELLED, why, null, attempt.in(AttemptState.FENCED, why, now), now);
        }
        Instant due = now.plus(job.spec().onDisconnect().grace());
        return job.to(JobState.UNKNOWN, why, due, attempt.in(AttemptState.UNKNOWN, why, now), now);
    }

    /** The grace of an UNKNOWN attempt is over. */
    Job giveUp(Job job) {
        Attempt attempt = job.live();
        DisconnectPolicy policy = job.spec().onDisconnect();
        Reason why = new Reason(
                "AgentLost",
                "agent " + attempt.agent() + " did not come back within the grace of "
                        + policy.grace().toSeconds() + " s");
        AttemptState end = switch (policy.action()) {
            case WAIT -> AttemptState.FAILED;
            case RECOVER -> AttemptState.FENCED;
        };
        return again(job, attempt.in(end, why, now), why, Duration.ZERO);
    }

    /** The agent is back and does not know the attempt any more. */
    Job forgotten(Job job) {
        Attempt attempt = job.live();
        Reason why = new Reason(
                "AgentRestarted",
                "agent " + attempt.agent() + " came back without attempt "
                        + attempt.id().number());
        return again(job, attempt.in(AttemptState.FENCED, why, now), why, Duration.ZERO);
    }

    Job cancel(Job job, String sentence) {
        Reason why = new Reason("Cancelled", sentence);
        return switch (job.state()) {
            case SUCCEEDED, FAILED, CANCELLED -> job;
            case SUBMITTED, RECOVERING -> job.cancelling().to(JobState.CANCELLED, why, null, job.latest(), now);
            case UNKNOWN ->
                job.cancelling().to(JobState.CANCELLED, why, null, job.live().in(AttemptState.FENCED, why, now), now);
            case PLACED, STAGING, RUNNING -> job.cancelling();
        };
    }

    private Job moved(Job job, Attempt attempt, JobState next, @Nullable Reason why) {
        // A report may be overtaken by a later one: never back from RUNNING to STAGING.
        if (job.state() == next || !job.state().next().contains(next)) {
            return job.with(attempt);
        }
        AttemptState state = next == JobState.RUNNING ? AttemptState.RUNNING : AttemptState.STAGING;
        return job.to(next, why, null, attempt.in(state, why, now), now);
    }

    private Job succeeded(Job job, Attempt attempt, Report report) {
        for (JobOutput output : job.spec().outputs()) {
            if (!report.outputs().containsKey(output.name())) {
                Reason why = new Reason("OutputsMissing", "the attempt succeeded without its output " + output.name());
                return failed(job, attempt, why);
            }
        }
        return job.delivering(report.outputs(), report.resultJson())
                .to(
                        JobState.SUCCEEDED,
                        report.reason(),
                        null,
                        attempt.in(AttemptState.SUCCEEDED, report.reason(), now),
                        now);
    }

    private Job failed(Job job, Attempt attempt, Report report) {
        Reason told = report.reason();
        return failed(
                job,
                attempt,
                told == null ? new Reason("Failed", "the process ended with exit code " + report.exitCode()) : told);
    }

    /** The attempt failed for a reason that decides whether another try can help. */
    Job failed(Job job, Attempt attempt, Reason why) {
        Attempt ended = attempt.in(AttemptState.FAILED, why, now);
        if (job.cancelRequested()) {
            return job.to(JobState.CANCELLED, why, null, ended, now);
        }
        if (FINAL.contains(why.code())) {
            return job.to(JobState.FAILED, why, null, ended, now);
        }
        return again(job, ended, why, job.spec().retry().after(ended.id().number(), jitter));
    }

    private Job stopped(Job job, Attempt attempt, Report report) {
        Reason told = report.reason();
        Reason why = told == null ? new Reason("Cancelled", "agent " + attempt.agent() + " stopped the attempt") : told;
        Attempt ended = attempt.in(AttemptState.CANCELLED, why, now);
        return job.cancelRequested()
                ? job.to(JobState.CANCELLED, why, null, ended, now)
                : again(job, ended, why, Duration.ZERO);
    }

    private Job again(Job job, Attempt ended, Reason why, Duration wait) {
        if (job.cancelRequested()) {
            return job.to(JobState.CANCELLED, why, null, ended, now);
        }
        if (ended.id().number() < job.spec().retry().maxAttempts()) {
            return job.to(JobState.RECOVERING, why, now.plus(wait), ended, now);
        }
        return job.to(JobState.FAILED, why, null, ended, now);
    }
}
