package dev.fairlead.agent.mac;

import dev.fairlead.agent.mac.machine.Commands;
import dev.fairlead.agent.mac.machine.MacProbe;
import dev.fairlead.agent.mac.machine.StandInProbe;
import dev.fairlead.agent.mac.mlx.MlxRuntime;
import dev.fairlead.agent.mac.mlx.MlxRuntimeProvider;
import dev.fairlead.agent.mac.python.PackageFolder;
import dev.fairlead.agent.mac.python.PythonEnvironment;
import dev.fairlead.agent.mac.python.PythonFinder;
import dev.fairlead.agent.machine.MachineProbe;
import dev.fairlead.agent.machine.RuntimeInfo;
import dev.fairlead.agent.runtime.onnx.OnnxProvider;
import dev.fairlead.agent.runtime.onnx.OnnxRuntime;
import dev.fairlead.agent.wiring.AgentKind;
import dev.fairlead.agent.wiring.AgentOptions;
import dev.fairlead.agent.wiring.Hosts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** MLX through Python, and ONNX Runtime with Core ML; on another system than macOS a stand-in on the CPU. */
final class MacKind implements AgentKind {
    @Override
    public String defaultPool() {
        return "mac";
    }

    @Override
    public Parts prepare(AgentOptions options, Path home) throws IOException {
        var commands = Commands.system();
        var python = PythonEnvironment.open(
                PythonEnvironment.folder(System.getenv(), Path.of(System.getProperty("user.home"))),
                PackageFolder.find(),
                () -> PythonFinder.find(System.getenv(), commands));
        var mlx = new MlxRuntime(python.interpreter(), python.packages()).facts();
        String packages = python.packages().toString();
        return new Parts(
                probe(options, mlx, commands),
                Optional.of(python.interpreter()),
                Map.of("PYTHONPATH", packages, "PYTHONUNBUFFERED", "1"),
                Map.of(
                        MlxRuntimeProvider.PYTHON,
                        python.interpreter().toString(),
                        MlxRuntimeProvider.PACKAGES,
                        packages));
    }

    private static MachineProbe probe(AgentOptions options, MlxRuntime.Facts mlx, Commands commands) {
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        var onnx = mac && mlx.metal()
                ? new OnnxRuntime(new OnnxProvider.CoreMl(OnnxProvider.ComputeUnits.ALL), OnnxRuntime.Role.REAL)
                : new OnnxRuntime(new OnnxProvider.Cpu(), OnnxRuntime.Role.STAND_IN);
        List<RuntimeInfo> runtimes = List.of(mlx.info(), onnx.info());
        if (!mac) {
            return new StandInProbe(options.memoryLimit(), runtimes);
        }
        return new MacProbe(
                commands,
                new MacProbe.Facts(Hosts.hostname(), mlx.recommended(), mlx.metal(), options.memoryLimit(), runtimes));
    }
}
