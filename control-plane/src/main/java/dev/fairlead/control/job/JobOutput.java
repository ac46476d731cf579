package dev.fairlead.control.job;

import org.jspecify.annotations.Nullable;

/**
 * A folder kept as an artifact when the work succeeds.
 *
 * @param asModel the model of which the folder becomes a new version; null for none
 * @param suiteOutput with {@code asModel}: the output that holds the version's golden inputs; null for none
 */
public record JobOutput(
        String name, @Nullable String asModel, @Nullable String suiteOutput) {
    public static JobOutput named(String name) {
        return new JobOutput(name, null, null);
    }
}
