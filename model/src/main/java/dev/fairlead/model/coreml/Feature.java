package dev.fairlead.model.coreml;

/** An input, output or state. */
public record Feature(String name, String description, FeatureType type, Presence presence) {
    /** Whether a caller may leave an input out. */
    public enum Presence {
        REQUIRED,
        OPTIONAL
    }

    public Feature(String name, FeatureType type) {
        this(name, "", type, Presence.REQUIRED);
    }
}
