package dev.fairlead.agent.worker;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.machine.MachineFile;
import dev.fairlead.agent.machine.ModelFormat;
import dev.fairlead.agent.machine.RuntimeInfo;
import dev.fairlead.agent.runtime.ModelRuntime;
import dev.fairlead.agent.runtime.RuntimeProvider;
import dev.fairlead.agent.runtime.RuntimeSession;
import dev.fairlead.model.safetensors.SafetensorsWriter;
import dev.fairlead.model.signature.ModelInfoFile;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.verdict.Fingerprint;
import dev.fairlead.parity.verdict.ReportJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Evaluate and infer: runs a model on each case of a suite and keeps its outputs and what computed them. */
final class Evaluation {
    private final Task task;
    private final MachineFile machine;
    private final Iterable<RuntimeProvider> providers;

    Evaluation(Task task, MachineFile machine) {
        this(task, machine, ServiceLoader.load(RuntimeProvider.class));
    }

    Evaluation(Task task, MachineFile machine, Iterable<RuntimeProvider> providers) {
        this.task = task;
        this.machine = machine;
        this.providers = providers;
    }

    /**
     * Runs.
     *
     * @param data name of the input that holds the suite
     * @return result.json
     */
    ObjectNode run(String data) throws IOException {
        Path model = task.input("model");
        Path target = task.output("outputs");
        Map<String, Tensor> outputs = new TreeMap<>();
        var accuracy = new Accuracy();
        var progress = new Progress(task.folder());
        double seconds = 0;
        try (var suite = Suite.open(task.input(data));
                RuntimeSession session = runtime(model)) {
            Map<String, Tensor> labels = suite.labels();
            String first = session.signature().outputs().getFirst().name();
            for (int i = 0; i < suite.size(); i++) {
                long start = System.nanoTime();
                Map<String, Tensor> found = session.run(suite.inputs(i), List.of());
                seconds += (System.nanoTime() - start) / 1e9;
                String name = Suite.name(i);
                Tensor label = labels.get(name);
                if (label != null && found.get(first) != null) {
                    accuracy.add(found.get(first), label);
                }
                // What a session returns is overwritten by its next run.
                found.forEach((output, tensor) -> outputs.put(name + "/" + output, copy(tensor)));
                progress.tell(i + 1, suite.size(), "case");
            }
            SafetensorsWriter.write(target.resolve("outputs.safetensors"), outputs, Map.of());
            Files.writeString(target.resolve("fingerprint.json"), ReportJson.write(fingerprint(session)));
            System.out.println(suite.size() + " cases in " + String.format(Locale.ROOT, "%.2f", seconds) + " s with "
                    + session.info().provider());
        }
        ObjectNode result = new JsonMapper()
                .createObjectNode()
                .put(
                        "cases",
                        outputs.keySet().stream()
                                .map(name -> name.substring(0, name.indexOf('/')))
                                .distinct()
                                .count())
                .put("seconds", seconds);
        if (accuracy.counted()) {
            result.put("accuracy", accuracy.value());
        }
        return result;
    }

    /** Whether the model's format has a reference in float64 of its own. */
    boolean hasReference() {
        return provider(task.input("model"))
                .flatMap(it -> it.reference(request()))
                .isPresent();
    }

    /** A model in the reference of its format; empty where it has none of its own. */
    Optional<RuntimeSession> reference(Path model) {
        return provider(model).flatMap(it -> it.reference(request())).map(it -> it.load(model));
    }

    private RuntimeSession runtime(Path model) {
        RuntimeProvider provider = provider(model)
                .orElseThrow(() -> new AgentFailure(
                        FailureCode.NO_RUNTIME,
                        "model.json: format: this agent runs no models of format "
                                + ModelInfoFile.read(model).format()));
        Optional<ModelRuntime> reference = isExact() ? provider.reference(request()) : Optional.empty();
        return reference.orElseGet(() -> provider.open(request())).load(model);
    }

    private boolean isExact() {
        return task.settings().getOrDefault("precision", "").equals("float64");
    }

    private RuntimeProvider.Request request() {
        return new RuntimeProvider.Request(task.device(), machine.options(), machine.standIn());
    }

    private Optional<RuntimeProvider> provider(Path model) {
        ModelFormat format = format(ModelInfoFile.read(model).format());
        for (RuntimeProvider provider : providers) {
            if (provider.serves(format)) {
                return Optional.of(provider);
            }
        }
        return Optional.empty();
    }

    private static ModelFormat format(String name) {
        for (ModelFormat format : ModelFormat.values()) {
            if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
                return format;
            }
        }
        throw new AgentFailure(FailureCode.NO_RUNTIME, "model.json: format: '" + name + "' is not known");
    }

    private static Tensor copy(Tensor tensor) {
        Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape());
        copy.data().copyFrom(tensor.data());
        return copy;
    }

    private Fingerprint fingerprint(RuntimeSession session) {
        RuntimeInfo info = session.info();
        return new Fingerprint(
                task.digests().getOrDefault("model", ""),
                task.agent(),
                machine.os(),
                isExact() ? "CPU" : machine.products().getOrDefault(task.device(), task.device()),
                isExact() ? "" : machine.drivers().getOrDefault(task.device(), ""),
                info.kind().name().toLowerCase(Locale.ROOT),
                info.version(),
                info.provider(),
                isExact() ? "float64" : precision(session),
                info.precisionSettings(),
                // Float64 is no machine that another could stand in for.
                !isExact() && (info.standIn() || machine.standIn()));
    }

    /** The dtype of the first floating output, or tf32 where float32 products may be computed so. */
    private static String precision(RuntimeSession session) {
        String declared = session.signature().outputs().stream()
                .map(spec -> spec.dtype())
                .filter(DType::isFloating)
                .findFirst()
                .map(DType::text)
                .orElse("exact");
        boolean tf32 = "1".equals(session.info().precisionSettings().get("use_tf32"));
        return tf32 && declared.equals("float32") ? "tf32" : declared;
    }
}
