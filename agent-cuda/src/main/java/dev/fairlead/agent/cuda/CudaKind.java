package dev.fairlead.agent.cuda;

import dev.fairlead.agent.cuda.canary.CanaryRun;
import dev.fairlead.agent.cuda.gpu.GpuSurvey;
import dev.fairlead.agent.machine.Bytes;
import dev.fairlead.agent.machine.MachineProbe;
import dev.fairlead.agent.machine.RuntimeInfo;
import dev.fairlead.agent.runtime.onnx.OnnxProvider;
import dev.fairlead.agent.runtime.onnx.OnnxProvider.Tf32;
import dev.fairlead.agent.runtime.onnx.OnnxRuntime;
import dev.fairlead.agent.wiring.AgentKind;
import dev.fairlead.agent.wiring.AgentOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** ONNX Runtime on CUDA where a canary session works; on the CPU only when started as a stand-in. */
final class CudaKind implements AgentKind {
    private static final String TF32 = "FAIRLEAD_USE_TF32";

    @Override
    public String defaultPool() {
        return "cuda";
    }

    @Override
    public Parts prepare(AgentOptions options, Path home) throws IOException {
        Tf32 tf32 = "1".equals(System.getenv(TF32)) ? Tf32.ALLOWED : Tf32.REFUSED;
        return new Parts(
                probe(options, tf32),
                systemPython(),
                Map.of("PYTHONUNBUFFERED", "1"),
                Map.of("use_tf32", tf32 == Tf32.ALLOWED ? "1" : "0"));
    }

    private static MachineProbe probe(AgentOptions options, Tf32 tf32) throws IOException {
        return switch (GpuSurvey.take()) {
            case GpuSurvey.None(String why) -> withoutCuda(options, "no CUDA: " + why);
            case GpuSurvey.Found found ->
                switch (canary()) {
                    case CanaryRun.Outcome.Works(String version) ->
                        new CudaProbe(GpuSurvey::take, List.of(cudaRuntime(version, tf32)));
                    case CanaryRun.Outcome.Fails(String why) ->
                        withoutCuda(
                                options, "no CUDA: " + found.gpus().getFirst().name() + " is there, but " + why);
                };
        };
    }

    private static CanaryRun.Outcome canary() throws IOException {
        try {
            return CanaryRun.cuda();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped during the canary session", e);
        }
    }

    private static RuntimeInfo cudaRuntime(String version, Tf32 tf32) {
        RuntimeInfo info = new OnnxRuntime(new OnnxProvider.Cuda(0, tf32), OnnxRuntime.Role.REAL).info();
        return new RuntimeInfo(
                info.kind(),
                version,
                info.formats(),
                info.accelerators(),
                info.provider(),
                info.precisionSettings(),
                info.standIn());
    }

    static MachineProbe withoutCuda(AgentOptions options, String why) {
        return options.standIn()
                ? standIn(options.memoryLimit(), why)
                : new CpuProbe(Bytes.ZERO, List.of(), why + "; start with --stand-in to work on the CPU");
    }

    private static MachineProbe standIn(Bytes limit, String why) {
        var cpu = new OnnxRuntime(new OnnxProvider.Cpu(), OnnxRuntime.Role.STAND_IN);
        return new CpuProbe(limit, List.of(cpu.info()), "on the CPU: " + why);
    }

    private static Optional<Path> systemPython() {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            Path python = Path.of(folder, "python3");
            if (!folder.isEmpty() && Files.isExecutable(python)) {
                return Optional.of(python);
            }
        }
        return Optional.empty();
    }
}
