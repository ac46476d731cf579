package dev.fairlead.control.agent;

/** How a model's tree is laid out, and so which runtimes can load it. */
public enum ModelLayout {
    MLX("MLX"),
    ONNX("ONNX"),
    COREML("Core ML");

    private final String title;

    ModelLayout(String title) {
        this.title = title;
    }

    /** The name that people use, for sentences. */
    public String title() {
        return title;
    }
}
