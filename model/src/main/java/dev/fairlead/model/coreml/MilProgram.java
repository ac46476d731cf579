package dev.fairlead.model.coreml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A MIL program: functions by name, in the order of the file. Its version is 1, the only one there is. */
public record MilProgram(Map<String, MilFunction> functions, Map<String, MilValue> attributes) {
    public static final long VERSION = 1;

    public MilProgram {
        functions = Collections.unmodifiableMap(new LinkedHashMap<>(functions));
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    public MilProgram(Map<String, MilFunction> functions) {
        this(functions, Map.of());
    }
}
