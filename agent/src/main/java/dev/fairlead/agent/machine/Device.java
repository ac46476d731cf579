package dev.fairlead.agent.machine;

/**
 * One device that can compute.
 *
 * @param id stable within the agent: {@code metal:0}, {@code cuda:0}, {@code cpu:0}
 * @param product what the maker calls it
 * @param budget what jobs may use in all
 * @param free free now, by the driver's account
 * @param driver the driver's version; empty where there is none
 */
public record Device(String id, Accelerator accelerator, String product, Bytes budget, Bytes free, String driver) {
    public Device {
        if (!id.matches("[a-z]+:[0-9]+")) {
            throw new IllegalArgumentException("id: want something like cuda:0, got '" + id + "'");
        }
    }
}
