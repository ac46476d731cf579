package dev.fairlead.control.job;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs to list.
 *
 * @param limit at most this many, 1 to 1000
 * @param before only jobs older than this one; null starts with the newest
 * @param states only these; empty means all
 * @param promotionId only jobs of this promotion; null means all
 */
public record JobQuery(
        int limit,
        @Nullable JobId before,
        Set<JobState> states,
        @Nullable String promotionId) {
    public JobQuery {
        states = Set.copyOf(states);
        if (limit < 1 || limit > 1000) {
            throw new IllegalArgumentException("limit: " + limit + " is not between 1 and 1000");
        }
    }
}
