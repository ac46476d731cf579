package dev.fairlead.control.agent;

import java.util.List;

/**
 * What a machine really is, as its agent measured it.
 *
 * @param powerSource "ac", "battery" or empty where unknown
 * @param note why the agent is a stand-in, or why a device it should have is missing; empty otherwise
 * @param slots how many attempts it runs at once
 */
public record Machine(
        String os,
        String osVersion,
        String arch,
        String hostname,
        String cpu,
        int cpuCores,
        long memoryBytes,
        List<Device> devices,
        List<RuntimeInfo> runtimes,
        String agentVersion,
        String powerSource,
        boolean standIn,
        String note,
        int slots) {
    /** A machine that has not told anything yet. */
    public static final Machine NOT_KNOWN =
            new Machine("", "", "", "", "", 0, 0, List.of(), List.of(), "", "", false, "", 0);

    public Machine {
        devices = List.copyOf(devices);
        runtimes = List.copyOf(runtimes);
        if (slots < 0) {
            throw new IllegalArgumentException("slots: " + slots + " is negative");
        }
    }
}
