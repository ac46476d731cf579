package dev.fairlead.model.lower.coreml;

/** In what float32 values are computed. Values declared float16 are always computed in float16. */
public enum Precision {
    FLOAT32,
    FLOAT16
}
