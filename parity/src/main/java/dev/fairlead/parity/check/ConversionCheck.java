package dev.fairlead.parity.check;

import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.safetensors.SafetensorsWriter;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.compare.Comparer;
import dev.fairlead.parity.compare.SideFiles;
import dev.fairlead.parity.verdict.Fingerprint;
import dev.fairlead.parity.verdict.Policy;
import dev.fairlead.parity.verdict.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;

/** S64 against G64: a source and what it was converted to, both in float64 on the same inputs. */
public final class ConversionCheck {
    /** Told how many cases are done, of how many. */
    @FunctionalInterface
    public interface Progress {
        void at(int done, int all);
    }

    private static final String NOTE =
            "both sides were computed in float64 by Fairlead's interpreter: this judges the conversion,"
                    + " not what a machine makes of either model";

    private ConversionCheck() {}

    /**
     * Runs all cases and compares them.
     *
     * @param inputs tensors by the source's input names, by case
     * @param folder that {@code reference} and {@code candidate} are made in, to be compared again later
     * @throws ModelException when a model can't be computed, naming what
     */
    public static Report run(
            Model source,
            Model candidate,
            NavigableMap<String, Map<String, Tensor>> inputs,
            Policy policy,
            Path folder,
            Progress progress)
            throws IOException {
        Side wanted = Side.source(source);
        Side found = wanted.candidate(candidate);
        Map<String, Tensor> reference = new LinkedHashMap<>();
        Map<String, Tensor> converted = new LinkedHashMap<>();
        int done = 0;
        for (Map.Entry<String, Map<String, Tensor>> entry : inputs.entrySet()) {
            progress.at(done++, inputs.size());
            wanted.run(entry.getValue()).forEach((name, tensor) -> reference.put(entry.getKey() + "/" + name, tensor));
            found.run(entry.getValue()).forEach((name, tensor) -> converted.put(entry.getKey() + "/" + name, tensor));
        }
        Path one = write(folder.resolve("reference"), reference);
        Path other = write(folder.resolve("candidate"), converted);
        return Comparer.compare(one, other, policy).withNote(NOTE);
    }

    private static Path write(Path side, Map<String, Tensor> outputs) throws IOException {
        Files.createDirectories(side);
        SafetensorsWriter.write(side.resolve(SideFiles.TENSORS), outputs, Map.of());
        Fingerprint fingerprint = new Fingerprint(
                "",
                "",
                System.getProperty("os.name"),
                "CPU",
                "",
                "Fairlead's interpreter",
                "",
                "",
                "float64",
                Map.of(),
                false);
        SideFiles.write(side, fingerprint);
        return side;
    }
}
