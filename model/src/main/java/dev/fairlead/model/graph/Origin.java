package dev.fairlead.model.graph;

import java.util.Optional;

/**
 * Where in the prototype a value was made. A part that is not known is absent.
 *
 * @param module path of the module, such as {@code layers.0.attention.query}
 * @param file relative to the prototype's folder
 * @param line from 1
 */
public record Origin(Optional<String> module, Optional<String> file, Optional<Integer> line) {
    public static final Origin UNKNOWN = new Origin(Optional.empty(), Optional.empty(), Optional.empty());

    /** For people: {@code encoder.py:41 (layers.0)}; {@code unknown line} when nothing is known. */
    @Override
    public String toString() {
        String place = file.orElse("unknown file") + line.map(n -> ":" + n).orElse("");
        if (file.isEmpty()) {
            place = line.map(n -> "line " + n).orElse("unknown line");
        }
        return place + module.map(name -> " (" + name + ")").orElse("");
    }
}
