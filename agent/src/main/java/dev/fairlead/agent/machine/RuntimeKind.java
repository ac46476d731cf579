package dev.fairlead.agent.machine;

/** The library that executes a model. */
public enum RuntimeKind {
    MLX,
    ONNXRUNTIME,
    COREML,
    /** Float64 on any CPU, apart from the format's own runtime; not offered to the scheduler. */
    REFERENCE
}
