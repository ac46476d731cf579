package dev.fairlead.agent.runtime;

import dev.fairlead.agent.machine.ModelFormat;
import java.util.Map;
import java.util.Optional;

/** Found by {@link java.util.ServiceLoader}, so that each agent adds its own runtimes to the shared worker. */
public interface RuntimeProvider {
    boolean serves(ModelFormat format);

    ModelRuntime open(Request request);

    /** Computes the same models in float64, apart from the runtime; empty where the interpreter does that. */
    default Optional<ModelRuntime> reference(Request request) {
        return Optional.empty();
    }

    /**
     * Where and how to compute.
     *
     * @param device as in {@code Device.id}
     * @param options of this agent: {@code use_tf32}, {@code python}, …
     * @param standIn whether the agent takes the place of other hardware
     */
    record Request(String device, Map<String, String> options, boolean standIn) {
        public Request {
            options = Map.copyOf(options);
        }
    }
}
