package dev.fairlead.agent.mac.mlx;

import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.machine.ModelFormat;
import dev.fairlead.agent.runtime.ModelRuntime;
import dev.fairlead.agent.runtime.RuntimeProvider;
import java.nio.file.Path;
import java.util.Optional;

/** MLX for the worker; the agent tells where its Python is. */
public final class MlxRuntimeProvider implements RuntimeProvider {
    public static final String PYTHON = "python";
    public static final String PACKAGES = "python_packages";

    @Override
    public boolean serves(ModelFormat format) {
        return format == ModelFormat.MLX;
    }

    @Override
    public ModelRuntime open(Request request) {
        return new MlxRuntime(option(request, PYTHON), option(request, PACKAGES));
    }

    @Override
    public Optional<ModelRuntime> reference(Request request) {
        return Optional.of(MlxRuntime.reference(option(request, PYTHON), option(request, PACKAGES)));
    }

    private static Path option(Request request, String name) {
        String value = request.options().get(name);
        if (value == null) {
            throw new AgentFailure(FailureCode.NO_RUNTIME, "mlx: this agent was started without " + name);
        }
        return Path.of(value);
    }
}
