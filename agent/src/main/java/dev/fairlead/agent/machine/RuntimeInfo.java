package dev.fairlead.agent.machine;

import java.util.List;
import java.util.Map;

/**
 * A runtime that was seen to work here.
 *
 * @param provider what really computes: {@code CUDAExecutionProvider}, {@code mlx-cpu}
 * @param precisionSettings every setting that changes results
 * @param standIn whether it takes the place of the hardware that this kind of agent is for
 */
public record RuntimeInfo(
        RuntimeKind kind,
        String version,
        List<ModelFormat> formats,
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
