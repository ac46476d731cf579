package dev.fairlead.agent.machine;

/** What a piece of hardware computes on. */
public enum Accelerator {
    METAL,
    CUDA,
    CPU
}
