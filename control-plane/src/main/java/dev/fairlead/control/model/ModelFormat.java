package dev.fairlead.control.model;

/** How a model's tree is laid out. Taken from whoever registers it: the control plane opens no model file. */
public enum ModelFormat {
    MLX,
    ONNX,
    COREML
}
