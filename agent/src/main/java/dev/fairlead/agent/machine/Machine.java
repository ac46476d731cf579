package dev.fairlead.agent.machine;

import java.util.List;
import java.util.Optional;

/**
 * What a machine is, as its agent measured it.
 *
 * @param host what the operating system says of itself
 * @param powerSource {@code ac}, {@code battery} or empty where unknown
 * @param standIn whether this agent only takes the place of the hardware it is for
 * @param note why it is a stand-in, or why a device is missing; empty otherwise
 */
public record Machine(
        Host host, List<Device> devices, List<RuntimeInfo> runtimes, String powerSource, boolean standIn, String note) {
    public Machine {
        devices = List.copyOf(devices);
        runtimes = List.copyOf(runtimes);
    }

    public Optional<Device> device(String id) {
        return devices.stream().filter(device -> device.id().equals(id)).findFirst();
    }
}
