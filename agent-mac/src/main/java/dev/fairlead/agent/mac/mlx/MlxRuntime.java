package dev.fairlead.agent.mac.mlx;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.agent.machine.Accelerator;
import dev.fairlead.agent.machine.Bytes;
import dev.fairlead.agent.machine.ModelFormat;
import dev.fairlead.agent.machine.RuntimeInfo;
import dev.fairlead.agent.machine.RuntimeKind;
import dev.fairlead.agent.runtime.ModelRuntime;
import dev.fairlead.agent.runtime.RuntimeSession;
import dev.fairlead.model.signature.ModelInfoFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** MLX in a Python child: on Metal on a Mac, on the CPU elsewhere. */
public final class MlxRuntime implements ModelRuntime {
    private final Path python;
    private final Path packages;
    private final boolean isReference;

    public MlxRuntime(Path python, Path packages) {
        this(python, packages, false);
    }

    private MlxRuntime(Path python, Path packages, boolean isReference) {
        this.python = python;
        this.packages = packages;
        this.isReference = isReference;
    }

    /** Models of MLX in float64, by NumPy and without MLX. */
    static MlxRuntime reference(Path python, Path packages) {
        return new MlxRuntime(python, packages, true);
    }

    /**
     * What MLX says of itself.
     *
     * @param recommended the GPU's recommended working set, where MLX tells it
     * @param metal whether it computes on Apple's GPU
     */
    public record Facts(RuntimeInfo info, Optional<Bytes> recommended, boolean metal) {}

    /** Starts a child to ask, and ends it. */
    public Facts facts() {
        try (var process = new MlxProcess(python, packages)) {
            return facts(process.ask(MlxProcess.request("hello")));
        }
    }

    static Facts facts(JsonNode hello) {
        boolean standIn = hello.path("stand_in").asBoolean(true);
        long recommended = hello.path("device_info")
                .path("max_recommended_working_set_size")
                .asLong(0);
        var info = new RuntimeInfo(
                RuntimeKind.MLX,
                hello.path("versions").path("mlx").asText(),
                List.of(ModelFormat.MLX),
                List.of(standIn ? Accelerator.CPU : Accelerator.METAL),
                standIn ? "mlx-cpu" : "mlx-metal",
                Map.of(),
                standIn);
        return new Facts(info, recommended > 0 ? Optional.of(new Bytes(recommended)) : Optional.empty(), !standIn);
    }

    private static RuntimeInfo reference(JsonNode hello) {
        return new RuntimeInfo(
                RuntimeKind.REFERENCE,
                hello.path("versions").path("fairlead").asText(),
                List.of(ModelFormat.MLX),
                List.of(Accelerator.CPU),
                "numpy",
                Map.of(),
                false);
    }

    @Override
    public RuntimeSession load(Path modelFolder) {
        var signature = ModelInfoFile.read(modelFolder).signature();
        var process = new MlxProcess(python, packages);
        try {
            JsonNode hello = process.ask(MlxProcess.request("hello"));
            RuntimeInfo info = isReference ? reference(hello) : facts(hello).info();
            process.ask(MlxProcess.request("load")
                    .put("model", modelFolder.toString())
                    .put("runtime", isReference ? "reference" : "mlx"));
            return new MlxSession(process, signature, info);
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
    }
}
