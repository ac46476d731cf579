package dev.fairlead.model.lift.coreml;

import java.util.HashSet;
import java.util.Set;

/** ONNX names. A MIL value of the function's own block keeps its name; all else gets one that is free. */
final class Names {
    private final Set<String> taken = new HashSet<>();

    /** Takes a name; false where it is taken. */
    boolean reserve(String name) {
        return taken.add(name);
    }

    /** A name that nothing else has, as near as possible to the one wanted. */
    String fresh(String wanted) {
        String name = wanted;
        for (int i = 1; !taken.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }
}
