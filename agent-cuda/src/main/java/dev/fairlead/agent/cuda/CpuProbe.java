package dev.fairlead.agent.cuda;

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

/** A node without working CUDA: as a stand-in it has a CPU, otherwise nothing that takes a job. */
final class CpuProbe implements MachineProbe {
    private static final String CPU = "cpu:0";

    private final Bytes limit;
    private final List<RuntimeInfo> runtimes;
    private final String note;

    /**
     * A CPU.
     *
     * @param runtimes empty for an agent that takes no job
     */
    CpuProbe(Bytes limit, List<RuntimeInfo> runtimes, String note) {
        this.limit = limit;
        this.runtimes = List.copyOf(runtimes);
        this.note = note;
    }

    @Override
    public Machine describe() {
        Host host = Hosts.linux();
        String product = host.cpu().isEmpty() ? host.arch() : host.cpu();
        List<Device> devices = runtimes.isEmpty()
                ? List.of()
                : List.of(new Device(CPU, Accelerator.CPU, product, Hosts.cpuBudget(limit), Hosts.cpuFree(limit), ""));
        return new Machine(host, devices, runtimes, "", !runtimes.isEmpty(), note);
    }

    @Override
    public Map<String, Bytes> free() {
        return runtimes.isEmpty() ? Map.of() : Map.of(CPU, Hosts.cpuFree(limit));
    }

    @Override
    public String powerSource() {
        return "";
    }
}
