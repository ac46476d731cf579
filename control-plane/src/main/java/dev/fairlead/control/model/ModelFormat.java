package dev.fairlead.control.model;

/** How a model's tree is laid out. */
public enum ModelFormat {
    MLX,
    ONNX,
    COREML
}
