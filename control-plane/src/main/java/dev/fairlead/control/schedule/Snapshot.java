package dev.fairlead.control.schedule;

import dev.fairlead.control.agent.Agent;
import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.job.JobSpec;
import dev.fairlead.control.job.JobStore.Holding;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that a round of decisions depends on.
 *
 * @param queue waiting jobs, in the order in which they may choose
 * @param trees what is known of the queue's input trees, by digest
 */
public record Snapshot(List<Agent> agents, List<Holding> holdings, List<Waiting> queue, Map<String, TreeAt> trees) {
    public Snapshot {
        agents = List.copyOf(agents);
        holdings = List.copyOf(holdings);
        queue = List.copyOf(queue);
        trees = Map.copyOf(trees);
    }

    /** A job that waits. */
    public record Waiting(JobId id, JobSpec spec) {}

    /** A tree's size in bytes, and who has it already. */
    public record TreeAt(long bytes, Set<AgentName> agents) {
        public TreeAt {
            agents = Set.copyOf(agents);
        }
    }
}
