package dev.fairlead.agent.cuda;

import dev.fairlead.agent.cuda.gpu.Gpu;
import dev.fairlead.agent.cuda.gpu.GpuSurvey;
import dev.fairlead.agent.machine.Accelerator;
import dev.fairlead.agent.machine.Bytes;
import dev.fairlead.agent.machine.Device;
import dev.fairlead.agent.machine.Machine;
import dev.fairlead.agent.machine.MachineProbe;
import dev.fairlead.agent.machine.RuntimeInfo;
import dev.fairlead.agent.wiring.Hosts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A node whose CUDA session was seen to work. */
final class CudaProbe implements MachineProbe {
    private final Supplier<GpuSurvey> survey;
    private final List<RuntimeInfo> runtimes;

    CudaProbe(Supplier<GpuSurvey> survey, List<RuntimeInfo> runtimes) {
        this.survey = survey;
        this.runtimes = List.copyOf(runtimes);
    }

    @Override
    public Machine describe() {
        return switch (survey.get()) {
            case GpuSurvey.Found(List<Gpu> gpus) ->
                new Machine(
                        Hosts.linux(),
                        gpus.stream().map(CudaProbe::device).toList(),
                        runtimes,
                        "",
                        false,
                        gpus.stream().anyMatch(Gpu::mig) ? "MIG is on: a GPU's memory is divided" : "");
            case GpuSurvey.None(String why) ->
                new Machine(Hosts.linux(), List.of(), List.of(), "", false, "the GPUs are gone: " + why);
        };
    }

    static Device device(Gpu gpu) {
        return new Device("cuda:" + gpu.index(), Accelerator.CUDA, gpu.name(), gpu.total(), gpu.free(), gpu.driver());
    }

    @Override
    public Map<String, Bytes> free() {
        Map<String, Bytes> free = new TreeMap<>();
        if (survey.get() instanceof GpuSurvey.Found(List<Gpu> gpus)) {
            gpus.forEach(gpu -> free.put("cuda:" + gpu.index(), gpu.free()));
        }
        return free;
    }

    @Override
    public String powerSource() {
        return "";
    }
}
