package dev.fairlead.control.job;

import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.error.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One try of a job on one agent.
 *
 * @param device the device to compute on, as in {@code Device.id}
 * @param reason why it is not running, or how it ended; null while all is well
 * @param startedAt null before RUNNING
 * @param finishedAt null before its end
 * @param progress 0 to 1 where the work reports it, -1 where it does not
 * @param exitCode the exit status of the process, -1 where there is none
 * @param sequence of the last update that was applied; 0 before the first
 */
public record Attempt(
        AttemptId id,
        AgentName agent,
        String device,
        Fence fence,
        AttemptState state,
        @Nullable Reason reason,
        Instant placedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        Instant leaseUntil,
        float progress,
        int exitCode,
        long sequence) {
    /** A progress or an exit code that is not known. */
    public static final int NONE = -1;

    public static Attempt placed(
            AttemptId id, AgentName agent, String device, Fence fence, Instant now, Instant leaseUntil) {
        return new Attempt(
                id, agent, device, fence, AttemptState.PLACED, null, now, null, null, leaseUntil, NONE, NONE, 0);
    }

    public AttemptRef ref() {
        return new AttemptRef(id, fence);
    }

    Attempt leased(Instant until) {
        return new Attempt(
                id,
                agent,
                device,
                fence,
                state,
                reason,
                placedAt,
                startedAt,
                finishedAt,
                until,
                progress,
                exitCode,
                sequence);
    }

    Attempt in(AttemptState next, @Nullable Reason why, Instant now) {
        Instant started = next == AttemptState.RUNNING && startedAt == null ? now : startedAt;
        Instant finished = next.live() ? null : now;
        return new Attempt(
                id,
                agent,
                device,
                fence,
                next,
                why,
                placedAt,
                started,
                finished,
                leaseUntil,
                progress,
                exitCode,
                sequence);
    }

    Attempt reported(float latestProgress, int exit, long latestSequence) {
        return new Attempt(
                id,
                agent,
                device,
                fence,
                state,
                reason,
                placedAt,
                startedAt,
                finishedAt,
                leaseUntil,
                latestProgress,
                exit,
                latestSequence);
    }
}
