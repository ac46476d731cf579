package dev.fairlead.control.agent;

/** The library that executes a model. */
public enum RuntimeKind {
    MLX("MLX"),
    ONNXRUNTIME("ONNX Runtime"),
    COREML("Core ML");

    private final String title;

    RuntimeKind(String title) {
        this.title = title;
    }

    /** The name that people use, for sentences. */
    public String title() {
        return title;
    }
}
