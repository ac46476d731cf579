package dev.fairlead.control.schedule;

import dev.fairlead.control.agent.Agent;
import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.agent.Device;
import dev.fairlead.control.job.JobStore.Holding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An agent and what it already holds; grows while one round of decisions is made. */
final class Load {
    private final Agent agent;
    private final Map<String, Long> placedBytes = new HashMap<>();
    private final Map<String, Integer> placedAttempts = new HashMap<>();
    private int attempts;

    Load(Agent agent, List<Holding> holdings) {
        this.agent = agent;
        for (Holding holding : holdings) {
            attempts += holding.attempts();
            placedBytes.merge(holding.device(), holding.memoryBytes(), Long::sum);
            placedAttempts.merge(holding.device(), holding.attempts(), Integer::sum);
        }
    }

    Agent agent() {
        return agent;
    }

    AgentName name() {
        return agent.name();
    }

    int slots() {
        return agent.machine().slots();
    }

    int freeSlots() {
        return slots() - attempts;
    }

    /** Share of the slots that are taken, 0 to 1. */
    double share() {
        return slots() == 0 ? 1 : (double) attempts / slots();
    }

    /**
     * What a new attempt may use of a device, bytes: its budget less what is placed there. On a device that holds nothing of ours
     * the driver's own account counts too: what others use is then not ours.
     */
    long freeBytes(Device device) {
        long left = device.budgetBytes() - placedBytes.getOrDefault(device.id(), 0L);
        if (placedAttempts.getOrDefault(device.id(), 0) == 0) {
            long told = agent.freeBytes().getOrDefault(device.id(), device.freeBytes());
            return told > 0 ? Math.min(left, told) : left;
        }
        return Math.max(0, left);
    }

    void take(String device, long memoryBytes) {
        attempts++;
        placedBytes.merge(device, memoryBytes, Long::sum);
        placedAttempts.merge(device, 1, Integer::sum);
    }
}
