package dev.fairlead.control.job;

import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.error.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a job would run.
 *
 * @param agent where the job would go; null where it would wait
 * @param pending why it would wait; null where it would not
 * @param candidates the best first
 */
public record Plan(@Nullable AgentName agent, @Nullable Reason pending, List<Candidate> candidates) {
    public Plan {
        candidates = List.copyOf(candidates);
    }
}
