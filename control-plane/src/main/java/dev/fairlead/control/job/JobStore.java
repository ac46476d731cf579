package dev.fairlead.control.job;

import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.error.Reason;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where jobs are durable. Every method takes part in the transaction of its thread. */
public interface JobStore {
    /** Stores new jobs in one statement; one whose key is taken is answered with the job that has it. Answers in order. */
    List<Kept> insert(List<NewJob> jobs);

    /** The job with all its attempts. */
    Optional<Job> find(JobId id);

    Optional<JobId> findByKey(String key);

    /** Newest first, with all their attempts. */
    List<Job> list(JobQuery query);

    /** Locks these jobs, in an order that cannot deadlock, and reads them without past attempts. */
    Map<JobId, Job> lock(Collection<JobId> ids);

    /** Writes jobs that this transaction locked. A replaced attempt moves into the past. */
    void save(Collection<Job> jobs);

    /**
     * Gives jobs that still wait their next attempt, each under a fence greater than all before; a replaced attempt moves into the
     * past. Answers the fences of those that did wait.
     */
    Map<JobId, Fence> place(Collection<NewAttempt> attempts);

    /** Prolongs live, known attempts under these fences; answers those that were. */
    Set<AttemptRef> renew(Collection<AttemptRef> attempts, AgentName agent, Instant until);

    /** Waiting jobs that are due, by priority, then age; from {@code offset}. */
    List<Job> waiting(Instant now, int offset, int limit);

    /** Keeps why jobs wait; a job that waits no more is left alone. */
    void explain(Map<JobId, Reason> reasons);

    /** Jobs that these agents hold, without past attempts. */
    List<Job> heldBy(Collection<AgentName> agents);

    /** What agents hold, and whether a job waits that is due. */
    Standing standing(Instant now);

    /** Jobs whose lease ran out before {@code now}. */
    List<JobId> leaseOver(Instant now, int limit);

    /** UNKNOWN jobs whose grace is over. */
    List<JobId> graceOver(Instant now, int limit);

    /** How many jobs there are in each state that is not an end. */
    Map<JobState, Long> counts();

    /**
     * A job to store.
     *
     * @param asked the specification as it was asked for: a key stands for it
     * @param attempt its first attempt, where it is placed as it arrives
     */
    record NewJob(
            Job job, JobSpec asked, String key, @Nullable NewAttempt attempt) {
        NewJob on(@Nullable NewAttempt first) {
            return new NewJob(job, asked, key, first);
        }
    }

    /** An attempt to begin. */
    record NewAttempt(AttemptId id, AgentName agent, String device, Instant placedAt, Instant leaseUntil) {}

    /** The job that stands for a submission. */
    sealed interface Kept {
        /**
         * The job is new.
         *
         * @param fence of its first attempt, where it came with one
         */
        record Created(Job job, @Nullable Fence fence) implements Kept {}

        record Existed(JobId id) implements Kept {}

        /** The key belongs to another specification. */
        record Conflict(JobId id) implements Kept {}
    }

    /**
     * What one device holds.
     *
     * @param memoryBytes sum of what its attempts asked for
     */
    record Holding(AgentName agent, String device, int attempts, long memoryBytes) {}

    /**
     * How things stand.
     *
     * @param holdings per agent and device
     * @param queued whether a job waits that is due
     */
    record Standing(List<Holding> holdings, boolean queued) {
        public Standing {
            holdings = List.copyOf(holdings);
        }
    }
}
