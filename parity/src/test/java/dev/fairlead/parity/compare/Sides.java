package dev.fairlead.parity.compare;

import dev.fairlead.model.safetensors.SafetensorsWriter;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.verdict.Fingerprint;
import dev.fairlead.parity.verdict.ReportJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Outputs folders for the tests of this package. */
final class Sides {
    private Sides() {}

    static Fingerprint fingerprint(boolean standIn) {
        return new Fingerprint(
                "", "mac-1", "linux", "cpu:0", "", "mlx", "0.32.4", "mlx-cpu", "float32", Map.of(), standIn);
    }

    static Path write(Path folder, Fingerprint fingerprint, Map<String, Tensor> tensors) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("fingerprint.json"), ReportJson.write(fingerprint));
        SafetensorsWriter.write(folder.resolve("outputs.safetensors"), tensors, Map.of());
        return folder;
    }

    /** {@code cases} tensors of 2 × 10 normal numbers named {@code <case>/logits}, each scaled by 1 + error. */
    static Map<String, Tensor> logits(int cases, double error) {
        SplittableRandom random = new SplittableRandom(5);
        Map<String, Tensor> tensors = new TreeMap<>();
        for (int i = 0; i < cases; i++) {
            float[] values = new float[20];
            for (int j = 0; j < values.length; j++) {
                values[j] = (float) (random.nextGaussian() * (1 + error));
            }
            tensors.put("%06d/logits".formatted(i), Tensor.ofFloats(List.of(2L, 10L), values));
        }
        return tensors;
    }
}
