package dev.fairlead.agent.attempt;

import dev.fairlead.agent.machine.Bytes;
import java.time.Duration;

/**
 * Limits that hold for every attempt of an agent.
 *
 * @param agent the agent's name
 * @param memory resident memory of one attempt where its job states none
 * @param tick between two looks at a running process
 * @param termGrace from SIGTERM to SIGKILL
 * @param log bytes of its output that are kept
 * @param logWait for how long an attempt whose last update is acknowledged waits for its log to be taken
 */
public record AttemptSettings(
        String agent, Bytes memory, Duration tick, Duration termGrace, Bytes log, Duration logWait) {
    public AttemptSettings {
        if (memory.value() == 0) {
            throw new IllegalArgumentException("memory: want more than 0");
        }
    }
}
