package dev.fairlead.control.job;

import java.util.List;
import java.util.Optional;

/** Jobs as other features see them. A job that waits, ends or loses its agent signals {@code Topic.JOBS} after it is durable. */
public interface Jobs {
    /**
     * Makes a job once per key. References are resolved to tree digests first; one that does not exist is named as
     * {@code spec.inputs[0].ref}. The same key with another specification fails with IDEMPOTENCY_CONFLICT.
     */
    Submitted submit(Submission submission);

    /** The job with all its attempts, or JOB_NOT_FOUND. */
    Job get(JobId id);

    /** The job that a key stands for. */
    Optional<Job> find(String key);

    /** Newest first. */
    List<Job> list(JobQuery query);

    /**
     * Asks for cancellation. A job that has ended stays as it is; one that no agent holds ends at once; one that an
     * agent holds ends when the agent says so or its lease runs out.
     */
    Job cancel(JobId id, String why);
}
