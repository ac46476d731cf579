package dev.fairlead.agent.mac.machine;

import dev.fairlead.agent.machine.Accelerator;
import dev.fairlead.agent.machine.Bytes;
import dev.fairlead.agent.machine.Device;
import dev.fairlead.agent.machine.Host;
import dev.fairlead.agent.machine.Machine;
import dev.fairlead.agent.machine.MachineProbe;
import dev.fairlead.agent.machine.RuntimeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Mac. */
public final class MacProbe implements MachineProbe {
    private static final String METAL = "metal:0";
    private static final String CPU = "cpu:0";

    private final Commands commands;
    private final Facts facts;

    /**
     * What was found out once, at the start.
     *
     * @param recommended Metal's recommended working set, as MLX tells it
     * @param metal whether MLX computes on the GPU; Metal may be absent without a session
     * @param cpuLimit what a job may use on the CPU
     */
    public record Facts(
            String hostname, Optional<Bytes> recommended, boolean metal, Bytes cpuLimit, List<RuntimeInfo> runtimes) {
        public Facts {
            runtimes = List.copyOf(runtimes);
        }
    }

    public MacProbe(Commands commands, Facts facts) {
        this.commands = commands;
        this.facts = facts;
    }

    @Override
    public Machine describe() {
        Sysctl sysctl = sysctl();
        SwVers version = SwVers.parse(output(SwVers.COMMAND));
        SystemProfiler profile = SystemProfiler.parse(output(SystemProfiler.COMMAND));
        var host = new Host(
                version.name().isEmpty() ? "macOS" : version.name(),
                version.full(),
                System.getProperty("os.arch"),
                facts.hostname(),
                sysctl.chip(),
                sysctl.cores(),
                sysctl.memory());
        Map<String, Bytes> free = free();
        List<Device> devices = new ArrayList<>();
        if (facts.metal()) {
            String product = profile.chip().isEmpty() ? sysctl.chip() : profile.chip();
            devices.add(new Device(
                    METAL,
                    Accelerator.METAL,
                    profile.gpuCores() > 0 ? product + " (" + profile.gpuCores() + "-core GPU)" : product,
                    GpuBudget.of(facts.recommended(), sysctl),
                    free.getOrDefault(METAL, Bytes.ZERO),
                    profile.metal()));
        }
        devices.add(new Device(
                CPU, Accelerator.CPU, sysctl.chip(), facts.cpuLimit(), free.getOrDefault(CPU, Bytes.ZERO), ""));
        return new Machine(
                host,
                devices,
                facts.runtimes(),
                powerSource(),
                !facts.metal(),
                facts.metal() ? "" : "MLX finds no Metal device in this session: it computes on the CPU");
    }

    @Override
    public Map<String, Bytes> free() {
        Bytes free = MemoryPressure.free(output(MemoryPressure.COMMAND)).orElse(Bytes.ZERO);
        Bytes cpu = least(free, facts.cpuLimit());
        return facts.metal()
                ? Map.of(METAL, least(free, GpuBudget.of(facts.recommended(), sysctl())), CPU, cpu)
                : Map.of(CPU, cpu);
    }

    @Override
    public String powerSource() {
        return Power.source(output(Power.COMMAND));
    }

    private Sysctl sysctl() {
        return Sysctl.parse(output(Sysctl.COMMAND));
    }

    private String output(List<String> command) {
        return commands.output(command).orElse("");
    }

    private static Bytes least(Bytes a, Bytes b) {
        return a.exceeds(b) ? b : a;
    }
}
