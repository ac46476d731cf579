package dev.fairlead.agent.machine;

/** How a model's folder is laid out. */
public enum ModelFormat {
    MLX,
    ONNX,
    COREML
}
