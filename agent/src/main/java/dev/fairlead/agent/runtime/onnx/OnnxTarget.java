package dev.fairlead.agent.runtime.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.runtime.RuntimeSession;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.rewrite.DeadCode;
import dev.fairlead.model.signature.Signature;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.locate.Contract;
import dev.fairlead.parity.locate.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A model in ONNX Runtime for localisation. Settings: {@code provider} ({@code cpu}, {@code cuda:0}), {@code use_tf32} ({@code 0},
 * {@code 1}) and {@code optimisation} ({@code all}, {@code extended}, {@code basic}, {@code none}).
 */
public final class OnnxTarget implements Target {
    public static final String PROVIDER = "provider";
    public static final String TF32 = "use_tf32";
    public static final String OPTIMISATION = "optimisation";

    /** The value of each under which a fault of the runtime is least likely. */
    public static final Map<String, String> SAFE = Map.of(PROVIDER, "cpu", TF32, "0", OPTIMISATION, "none");

    private final Path folder;
    private final OnnxRuntime runtime;
    private final RuntimeSession session;

    private OnnxTarget(Path folder, OnnxRuntime runtime) {
        this.folder = folder;
        this.runtime = runtime;
        this.session = runtime.load(folder);
    }

    /**
     * Opens a model folder under settings.
     *
     * @throws AgentFailure BAD_TASK from the opener for a setting or a value that there is not
     */
    public static Target.Opener opener(Path folder) {
        return settings -> {
            settings.keySet().stream()
                    .filter(name -> !SAFE.containsKey(name))
                    .findFirst()
                    .ifPresent(name -> {
                        throw unknown(name, String.valueOf(settings.get(name)));
                    });
            return new OnnxTarget(
                    folder,
                    new OnnxRuntime(
                            provider(settings),
                            OnnxRuntime.Role.REAL,
                            level(settings.getOrDefault(OPTIMISATION, "all"))));
        };
    }

    /** In what precision operations are judged that ran under settings. */
    public static Contract contract(Map<String, String> settings) {
        return switch (provider(settings)) {
            case OnnxProvider.Cpu() -> Contract.WIDENED;
            case OnnxProvider.Cuda(int _, OnnxProvider.Tf32 tf32) ->
                tf32 == OnnxProvider.Tf32.ALLOWED ? Contract.TF32 : Contract.FLOAT32;
            case OnnxProvider.CoreMl _ -> Contract.WIDENED;
        };
    }

    private static OnnxProvider provider(Map<String, String> settings) {
        String provider = settings.getOrDefault(PROVIDER, "cpu");
        if (provider.equals("cpu")) {
            return new OnnxProvider.Cpu();
        }
        if (provider.matches("cuda:[0-9]{1,4}")) {
            return new OnnxProvider.Cuda(
                    Integer.parseInt(provider.substring("cuda:".length())),
                    settings.getOrDefault(TF32, "0").equals("1")
                            ? OnnxProvider.Tf32.ALLOWED
                            : OnnxProvider.Tf32.REFUSED);
        }
        throw unknown(PROVIDER, provider);
    }

    private static OptLevel level(String text) {
        return switch (text) {
            case "all" -> OptLevel.ALL_OPT;
            case "extended" -> OptLevel.EXTENDED_OPT;
            case "basic" -> OptLevel.BASIC_OPT;
            case "none" -> OptLevel.NO_OPT;
            default -> throw unknown(OPTIMISATION, text);
        };
    }

    private static AgentFailure unknown(String name, String value) {
        return new AgentFailure(FailureCode.BAD_TASK, "setting " + name + ": unknown: " + value);
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, List<String> taps) {
        Map<String, Tensor> kept = new LinkedHashMap<>();
        session.run(inputs, taps).forEach((name, tensor) -> kept.put(name, copy(tensor)));
        return kept;
    }

    /** A session's outputs are overwritten by its next run. */
    private static Tensor copy(Tensor tensor) {
        Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape());
        copy.data().copyFrom(tensor.data());
        return copy;
    }

    @Override
    public Map<String, Tensor> prefix(Map<String, Tensor> inputs, List<String> values) {
        try {
            Path cut = Files.createTempDirectory("fairlead-prefix-");
            try {
                try (OnnxFile file = OnnxFile.open(folder.resolve(OnnxWriter.MODEL))) {
                    OnnxWriter.write(cut(file.model(), values), cut);
                }
                return run(cut, inputs, values);
            } finally {
                delete(cut);
            }
        } catch (IOException e) {
            throw new AgentFailure(FailureCode.RUNTIME_FAILED, "prefix: " + e.getMessage(), e);
        }
    }

    private static Model cut(Model model, List<String> values) {
        Graph graph = model.graph();
        List<Value> outputs = values.stream()
                .map(name -> new Value(name, Optional.empty(), Optional.empty()))
                .toList();
        return DeadCode.remove(model.withGraph(
                new Graph(graph.name(), graph.inputs(), outputs, graph.initializers(), graph.nodes(), graph.values())));
    }

    private Map<String, Tensor> run(Path cut, Map<String, Tensor> inputs, List<String> values) {
        Signature signature = new Signature(session.signature().inputs(), List.of());
        try (var opened = runtime.open(cut, List.of());
                Binding bound = Binding.of(signature, inputs, values);
                var result = opened.run(bound.inputs(), Set.copyOf(values))) {
            return bound.outputs(result);
        } catch (OrtException e) {
            throw new AgentFailure(FailureCode.RUNTIME_FAILED, "prefix: " + e.getMessage(), e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    @Override
    public void close() {
        session.close();
    }
}
