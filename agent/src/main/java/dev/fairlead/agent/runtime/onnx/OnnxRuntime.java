package dev.fairlead.agent.runtime.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.machine.ModelFormat;
import dev.fairlead.agent.machine.RuntimeInfo;
import dev.fairlead.agent.machine.RuntimeKind;
import dev.fairlead.agent.runtime.ModelRuntime;
import dev.fairlead.agent.runtime.RuntimeSession;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.signature.ModelInfoFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** ONNX Runtime with one execution provider. */
public final class OnnxRuntime implements ModelRuntime {
    static final String MODEL = "model.onnx";

    private static final String FLOAT32_PRODUCTS = "session.qdq_matmulnbits_accuracy_level";
    private static final String WEIGHTS_FOLDER = "session.model_external_initializers_file_folder_path";

    private final OnnxProvider provider;
    private final Role role;
    private final OrtSession.SessionOptions.OptLevel optimisation;

    /** Whether this runtime is what the agent is for, or takes its place. */
    public enum Role {
        REAL,
        STAND_IN
    }

    public OnnxRuntime(OnnxProvider provider, Role role) {
        this(provider, role, OrtSession.SessionOptions.OptLevel.ALL_OPT);
    }

    /** With fewer rewrites of the graph than production has, to find which of them a fault needs. */
    OnnxRuntime(OnnxProvider provider, Role role, OrtSession.SessionOptions.OptLevel optimisation) {
        this.provider = provider;
        this.role = role;
        this.optimisation = optimisation;
    }

    /** What this runtime is; its version is the library's. */
    public RuntimeInfo info() {
        return new RuntimeInfo(
                RuntimeKind.ONNXRUNTIME,
                OrtEnvironment.getEnvironment().getVersion(),
                List.of(ModelFormat.ONNX),
                List.of(provider.accelerator()),
                provider.id(),
                provider.precisionSettings(),
                role == Role.STAND_IN);
    }

    @Override
    public RuntimeSession load(Path modelFolder) {
        var signature = ModelInfoFile.read(modelFolder).signature();
        // ONNX Runtime follows external data wherever it points, and its errors name no field: our reader goes first.
        OnnxFile.open(modelFolder.resolve(MODEL)).close();
        return new OnnxSession(this, modelFolder, signature);
    }

    /** Opens the graph, with each of {@code taps} as one more output. */
    OrtSession open(Path folder, List<String> taps) {
        var environment = OrtEnvironment.getEnvironment();
        try (var options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(optimisation);
            // Left alone, ONNX Runtime rounds the other operand of a product with quantised weights to 8 bits.
            options.addConfigEntry(FLOAT32_PRODUCTS, "1");
            addProvider(options);
            Path model = folder.resolve(MODEL);
            if (taps.isEmpty()) {
                return environment.createSession(model.toString(), options);
            }
            options.addConfigEntry(WEIGHTS_FOLDER, folder.toString());
            return environment.createSession(TapModel.withOutputs(Files.readAllBytes(model), taps), options);
        } catch (OrtException | IOException e) {
            throw new AgentFailure(FailureCode.RUNTIME_FAILED, MODEL + ": " + e.getMessage(), e);
        }
    }

    private void addProvider(OrtSession.SessionOptions options) throws OrtException {
        switch (provider) {
            case OnnxProvider.Cpu() -> {
                // Always there, after every other provider.
            }
            case OnnxProvider.Cuda cuda -> {
                try (var cudaOptions = new OrtCUDAProviderOptions(cuda.device())) {
                    cuda.precisionSettings().forEach((name, value) -> set(cudaOptions, name, value));
                    options.addCUDA(cudaOptions);
                }
            }
            case OnnxProvider.CoreMl coreMl -> options.addCoreML(Map.copyOf(coreMl.precisionSettings()));
        }
    }

    private static void set(OrtCUDAProviderOptions options, String name, String value) {
        try {
            options.add(name, value);
        } catch (OrtException e) {
            throw new AgentFailure(FailureCode.RUNTIME_FAILED, name + ": " + e.getMessage(), e);
        }
    }
}
