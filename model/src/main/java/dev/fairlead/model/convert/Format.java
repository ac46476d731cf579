package dev.fairlead.model.convert;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A format that holds a graph. */
public enum Format {
    MLX,
    ONNX,
    COREML;

    /** As {@code model.json} has it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Format> parse(String text) {
        return Arrays.stream(values())
                .filter(format -> format.text().equals(text))
                .findFirst();
    }
}
