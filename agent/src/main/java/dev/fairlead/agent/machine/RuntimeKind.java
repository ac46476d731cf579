package dev.fairlead.agent.machine;

/** The library that executes a model. */
public enum RuntimeKind {
    MLX,
    ONNXRUNTIME,
    COREML
}
