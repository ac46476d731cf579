package dev.fairlead.agent.mac.machine;

import dev.fairlead.agent.machine.Accelerator;
import dev.fairlead.agent.machine.Bytes;
import dev.fairlead.agent.machine.Device;
import dev.fairlead.agent.machine.Host;
import dev.fairlead.agent.machine.Machine;
import dev.fairlead.agent.machine.MachineProbe;
import dev.fairlead.agent.machine.RuntimeInfo;
import dev.fairlead.agent.wiring.Hosts;
import java.util.List;
import java.util.Map;

/** A machine that is no Mac and takes the place of one: it has a CPU and says so. */
public final class StandInProbe implements MachineProbe {
    private static final String CPU = "cpu:0";

    private final Bytes limit;
    private final List<RuntimeInfo> runtimes;

    public StandInProbe(Bytes limit, List<RuntimeInfo> runtimes) {
        this.limit = limit;
        this.runtimes = List.copyOf(runtimes);
    }

    @Override
    public Machine describe() {
        Host host = Hosts.linux();
        String product = host.cpu().isEmpty() ? host.arch() : host.cpu();
        var cpu = new Device(CPU, Accelerator.CPU, product, Hosts.cpuBudget(limit), Hosts.cpuFree(limit), "");
        return new Machine(
                host,
                List.of(cpu),
                runtimes,
                powerSource(),
                true,
                "no Mac: MLX's CPU build on " + host.os() + " takes the place of Metal");
    }

    @Override
    public Map<String, Bytes> free() {
        return Map.of(CPU, Hosts.cpuFree(limit));
    }

    @Override
    public String powerSource() {
        return "";
    }
}
