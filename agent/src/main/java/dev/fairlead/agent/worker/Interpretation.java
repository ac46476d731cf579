package dev.fairlead.agent.worker;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.agent.machine.MachineFile;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.safetensors.SafetensorsWriter;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.check.Side;
import dev.fairlead.parity.compare.SideFiles;
import dev.fairlead.parity.floor.FloorFile;
import dev.fairlead.parity.verdict.Fingerprint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Evaluates a model in float64 with the interpreter, and what rounding alone does to it. */
final class Interpretation {
    /** Of a suite's cases, so many have their noise computed, evenly spaced; the others take their share of noise from these. */
    private static final int NOISY = 8;

    private static final long SEED = 1;

    private final Task task;
    private final MachineFile machine;
    private final Map<String, Tensor> outputs = Collections.synchronizedMap(new TreeMap<>());
    private final Map<String, Tensor> floors = Collections.synchronizedMap(new TreeMap<>());

    Interpretation(Task task, MachineFile machine) {
        this.task = task;
        this.machine = machine;
    }

    /**
     * Runs.
     *
     * @return result.json
     */
    ObjectNode run() {
        return Converter.read(task.input("model"), this::run);
    }

    private ObjectNode run(Model model) {
        Path target = task.output("outputs");
        boolean hasFloor = Boolean.parseBoolean(task.settings().getOrDefault("noise_floor", "false"));
        Progress progress = new Progress(task.folder());
        AtomicInteger done = new AtomicInteger();
        Side side = Side.source(model);
        long start = System.nanoTime();
        try (Suite suite = Suite.open(task.input("suite"))) {
            int every = Math.ceilDiv(suite.size(), NOISY);
            IntStream.range(0, suite.size()).parallel().forEach(i -> {
                add(side, Suite.name(i), suite.inputs(i), hasFloor && i % every == 0);
                tell(progress, done.incrementAndGet(), suite.size());
            });
            SafetensorsWriter.write(target.resolve(SideFiles.TENSORS), outputs, Map.of());
            if (hasFloor) {
                FloorFile.write(target, floors, side.contracts(suite.inputs(0), SEED), SEED);
            }
            SideFiles.write(target, fingerprint());
            System.out.println(suite.size() + " cases in float64");
            return new JsonMapper()
                    .createObjectNode()
                    .put("cases", suite.size())
                    .put("seconds", (System.nanoTime() - start) / 1e9);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(Side side, String name, Map<String, Tensor> inputs, boolean hasFloor) {
        side.run(inputs).forEach((output, tensor) -> outputs.put(name + "/" + output, tensor));
        if (hasFloor) {
            side.floor(inputs, SEED).forEach((output, tensor) -> floors.put(name + "/" + output, tensor));
        }
    }

    private static void tell(Progress progress, int done, int all) {
        try {
            progress.tell(done, all, "case");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Fingerprint fingerprint() {
        return new Fingerprint(
                task.digests().getOrDefault("model", ""),
                task.agent(),
                machine.os(),
                "CPU",
                "",
                "interpreter",
                "",
                "",
                "float64",
                Map.of(),
                false);
    }
}
