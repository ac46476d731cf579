package dev.fairlead.conformance.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Content;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** A Core ML package lifted back to ONNX and run. */
final class Returned {
    private Returned() {}

    static Map<String, Content> run(
            Path coreml, Path folder, Map<String, Content> inputs, Set<String> specialised) {
        throw new ModelException(ErrorCode.UNSUPPORTED, "model", "program", "no lift yet");
    }
}
