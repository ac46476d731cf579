package dev.fairlead.agent.machine;

import java.util.Map;

/** Measures the machine. What it finds may change between calls; an implementation never guesses. */
public interface MachineProbe {
    /** The whole description; may start processes and take seconds. */
    Machine describe();

    /** Free memory by device id; cheap enough for each heartbeat. */
    Map<String, Bytes> free();

    /** {@code ac}, {@code battery} or empty where unknown; cheap enough for each heartbeat. */
    String powerSource();
}
