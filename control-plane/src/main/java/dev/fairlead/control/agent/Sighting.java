package dev.fairlead.control.agent;

import java.util.List;
import java.util.Map;

/**
 * One heartbeat, as far as the fleet cares.
 *
 * @param freeBytes device id to free bytes
 * @param cached tree digests that came into the agent's cache since the last one
 * @param evicted tree digests that left it
 * @param leaving the agent is about to stop
 */
public record Sighting(
        AgentName agent, Map<String, Long> freeBytes, List<String> cached, List<String> evicted, boolean leaving) {
    public Sighting {
        freeBytes = Map.copyOf(freeBytes);
        cached = List.copyOf(cached);
        evicted = List.copyOf(evicted);
    }
}
