package dev.fairlead.control.agent;

/**
 * One device that computes.
 *
 * @param id stable within the agent: {@code metal:0}, {@code cuda:0}, {@code cpu:0}
 * @param product "Apple M3 Max", "NVIDIA H100 80GB HBM3"
 * @param budgetBytes what jobs may use in all
 * @param freeBytes free by the driver's account at the last heartbeat
 */
public record Device(
        String id, Accelerator accelerator, String product, long budgetBytes, long freeBytes, String driver) {
    public Device {
        if (id.isBlank()) {
            throw new IllegalArgumentException("id: is blank, product is \"" + product + "\"");
        }
        if (budgetBytes < 0 || freeBytes < 0) {
            throw new IllegalArgumentException(
                    id + ": budgetBytes " + budgetBytes + " and freeBytes " + freeBytes + " must not be negative");
        }
    }
}
