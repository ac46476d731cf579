package dev.fairlead.control.agent;

import java.util.List;
import java.util.Map;

/** What agents hold leases for; the jobs know. */
public interface Holdings {
    /** Ids of jobs, by agent. */
    Map<AgentName, List<String>> jobs();
}
