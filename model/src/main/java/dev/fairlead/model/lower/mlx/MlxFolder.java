package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.mlx.MlxGraph;
import dev.fairlead.model.mlx.MlxGraphWriter;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.safetensors.SafetensorsWriter;
import dev.fairlead.model.signature.ModelInfo;
import dev.fairlead.model.signature.ModelInfoFile;
import dev.fairlead.model.signature.Signature;
import dev.fairlead.model.signature.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Writes a lowered graph as the MLX model folder of {@code docs/interchange.md}. */
public final class MlxFolder {
    private MlxFolder() {}

    /**
     * Writes {@code graph.json}, {@code weights.safetensors} and {@code model.json}.
     *
     * @param folder made if it does not exist
     * @param producedBy version by program
     */
    public static void write(Lowered.Graph lowered, Map<String, String> producedBy, Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new ModelException(ErrorCode.IO, folder, "folder", e);
        }
        MlxGraphWriter.write(lowered.graph(), folder.resolve("graph.json"));
        SafetensorsWriter.write(folder.resolve("weights.safetensors"), lowered.weights(), Map.of());
        ModelInfoFile.write(
                new ModelInfo(
                        "mlx",
                        signature(lowered.graph()),
                        new TreeMap<>(producedBy),
                        Optional.empty(),
                        Optional.empty()),
                folder);
    }

    private static Signature signature(MlxGraph graph) {
        return new Signature(
                graph.inputs().stream().map(value -> spec(value.name(), value)).toList(),
                graph.outputs().stream()
                        .map(output -> spec(output.name(), output.value()))
                        .toList());
    }

    private static TensorSpec spec(String name, MlxValue value) {
        return new TensorSpec(name, value.dtype(), value.dims());
    }
}
