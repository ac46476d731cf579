package dev.fairlead.control.agent;

/** What a device computes on. */
public enum Accelerator {
    METAL("Metal"),
    CUDA("CUDA"),
    CPU("CPU");

    private final String title;

    Accelerator(String title) {
        this.title = title;
    }

    /** The word that people use, for sentences. */
    public String title() {
        return title;
    }
}
