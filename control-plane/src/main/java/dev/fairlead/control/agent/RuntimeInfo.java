package dev.fairlead.control.agent;

import java.util.List;
import java.util.Map;

/**
 * One library that an agent can execute models with.
 *
 * @param provider the execution provider that really computes: "CUDAExecutionProvider", "mlx-cpu"
 * @param precisionSettings every setting that changes results: {@code use_tf32 -> 0}
 */
public record RuntimeInfo(
        RuntimeKind runtime,
        String version,
        List<ModelLayout> formats,
        List<Accelerator> accelerators,
        String provider,
        Map<String, String> precisionSettings,
        boolean standIn) {
    public RuntimeInfo {
        formats = List.copyOf(formats);
        accelerators = List.copyOf(accelerators);
        precisionSettings = Map.copyOf(precisionSettings);
    }
}
