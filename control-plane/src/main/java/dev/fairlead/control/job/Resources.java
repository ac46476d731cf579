package dev.fairlead.control.job;

import dev.fairlead.control.agent.Accelerator;
import dev.fairlead.control.agent.RuntimeKind;
import dev.fairlead.control.model.ModelFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a job needs of an agent.
 *
 * @param anyOf any one of these serves, the first preferred; empty means any
 * @param memoryBytes peak memory on the device that computes; 0 means not stated
 * @param runtime null means any
 * @param format the model format the agent must be able to load; null means any
 * @param pool only agents of this pool; empty means any
 * @param agent only this agent, by name; empty means any
 */
public record Resources(
        List<Accelerator> anyOf,
        long memoryBytes,
        @Nullable RuntimeKind runtime,
        @Nullable ModelFormat format,
        String pool,
        String agent) {
    public static final Resources ANY = new Resources(List.of(), 0, null, null, "", "");

    public Resources {
        anyOf = List.copyOf(anyOf);
    }

    Resources withFormat(ModelFormat newFormat) {
        return new Resources(anyOf, memoryBytes, runtime, newFormat, pool, agent);
    }
}
