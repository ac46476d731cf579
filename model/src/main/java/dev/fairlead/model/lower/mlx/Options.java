package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.tensor.Tensor;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How to lower.
 *
 * @param specialised what graph inputs hold for good: they become constants and leave the signature. An MLX graph has its axes, sizes
 *     and bounds built in, so an input that decides one (Reshape's {@code shape}, Slice's {@code starts}) can only be lowered this way;
 *     nothing is specialised that isn't named here
 */
public record Options(Map<String, Tensor> specialised) {
    public Options {
        specialised = Collections.unmodifiableMap(new TreeMap<>(specialised));
    }

    public static Options defaults() {
        return new Options(Map.of());
    }
}
