package dev.fairlead.agent.runtime;

import java.nio.file.Path;

/** Loads models of the formats it knows. */
public interface ModelRuntime {
    /**
     * Loads a model folder with {@code model.json}.
     *
     * @throws dev.fairlead.agent.failure.AgentFailure RUNTIME_FAILED where the runtime refuses the model
     */
    RuntimeSession load(Path modelFolder);
}
