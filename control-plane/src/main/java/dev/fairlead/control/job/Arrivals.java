package dev.fairlead.control.job;

import dev.fairlead.control.job.Attempts.Placement;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Places jobs in the moment they arrive, which saves them a commit and a round of the scheduler. */
@FunctionalInterface
public interface Arrivals {
    /**
     * Calls {@code keep} once with where these new jobs go; a job that is not among them waits. Nothing else is placed until
     * {@code keep} has returned, so it must have made the placements durable by then; it answers how many it made.
     */
    void place(List<Job> jobs, ToIntFunction<Map<JobId, Placement>> keep);
}
