package dev.fairlead.conformance.gate;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.fairlead.conformance.OnnxRuntime;
import dev.fairlead.conformance.gate.Fault.Level;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.safetensors.SafetensorsWriter;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.check.Side;
import dev.fairlead.parity.compare.FourCorners;
import dev.fairlead.parity.compare.SideFiles;
import dev.fairlead.parity.floor.FloorFile;
import dev.fairlead.parity.verdict.Corner;
import dev.fairlead.parity.verdict.Fingerprint;
import dev.fairlead.parity.verdict.Policy;
import dev.fairlead.parity.verdict.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;

/** The four corners of a pair of models, with ONNX Runtime on the CPU for both machines, and the gate's verdicts on them. */
final class Gate {
    private static final long SEED = 1;

    /** As many as a selftest has; how many a promotion needs is another question. */
    private static final Policy POLICY = new Policy(true, 1, Map.of());

    private Gate() {}

    /**
     * What is put before the gate.
     *
     * @param source as its author wrote it, float32
     * @param sourceLevel at which its author ran it
     * @param converted float32
     * @param executed what the target's machine makes of it, float32
     * @param level at which it is to be served
     * @param inputs of the declared source, by case
     */
    record Pair(
            Model source,
            Level sourceLevel,
            Model converted,
            Model executed,
            Level level,
            NavigableMap<String, Map<String, Tensor>> inputs) {}

    /**
     * Runs the corners and judges them.
     *
     * @param folder in which each corner's outputs are left
     */
    static Report judge(Pair pair, Path folder) throws IOException, OrtException {
        // The conversion is judged on the weights that are deployed.
        Path s64 = reference(pair.source(), pair.source(), pair.level(), pair.inputs(), folder.resolve("s64"));
        Path g64 = reference(pair.source(), pair.converted(), pair.level(), pair.inputs(), folder.resolve("g64"));
        Path s = machine(pair.source(), pair.sourceLevel(), pair.inputs(), OptLevel.NO_OPT, folder.resolve("s"));
        Path c = machine(pair.executed(), pair.level(), pair.inputs(), OptLevel.ALL_OPT, folder.resolve("c"));
        return FourCorners.compare(Map.of(Corner.S, s, Corner.S64, s64, Corner.G64, g64, Corner.C, c), POLICY);
    }

    /** Float64 of the declared model, and its noise. */
    private static Path reference(
            Model names, Model model, Level level, NavigableMap<String, Map<String, Tensor>> inputs, Path folder)
            throws IOException {
        Side side = Side.source(Levels.declared(names, level)).candidate(Levels.declared(model, level));
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        Map<String, Tensor> floors = new LinkedHashMap<>();
        for (Map.Entry<String, Map<String, Tensor>> entry : inputs.entrySet()) {
            side.run(entry.getValue()).forEach((name, tensor) -> outputs.put(entry.getKey() + "/" + name, tensor));
            side.floor(entry.getValue(), SEED)
                    .forEach((name, tensor) -> floors.put(entry.getKey() + "/" + name, tensor));
        }
        write(folder, outputs, "float64");
        FloorFile.write(folder, floors, side.contracts(inputs.firstEntry().getValue(), SEED), SEED);
        return folder;
    }

    private static Path machine(
            Model model, Level level, NavigableMap<String, Map<String, Tensor>> inputs, OptLevel rewrites, Path folder)
            throws IOException, OrtException {
        Model executable = Levels.executable(model, level);
        Path place = Files.createDirectories(folder.resolve("model"));
        OnnxWriter.write(executable, place);
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        try (OnnxRuntime runtime = OnnxRuntime.open(executable, place, rewrites)) {
            for (Map.Entry<String, Map<String, Tensor>> entry : inputs.entrySet()) {
                Map<String, Tensor> feeds = new LinkedHashMap<>();
                entry.getValue().forEach((name, tensor) -> feeds.put(name, Levels.fed(tensor)));
                runtime.run(feeds)
                        .forEach((name, tensor) ->
                                outputs.put(entry.getKey() + "/" + name, Levels.given(tensor, level)));
            }
        }
        write(folder, outputs, level.name());
        return folder;
    }

    private static void write(Path folder, Map<String, Tensor> outputs, String precision) throws IOException {
        Files.createDirectories(folder);
        SafetensorsWriter.write(folder.resolve(SideFiles.TENSORS), outputs, Map.of());
        SideFiles.write(
                folder, new Fingerprint("", "", "", "CPU", "", "onnxruntime", "", "", precision, Map.of(), true));
    }
}
