package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;

/** Why a node is not lowered; whoever lowers the graph adds which node it was. */
final class Refusals {
    private Refusals() {}

    /** Legal, but MIL cannot say it exactly. */
    static ModelException unsupported(String problem) {
        return new ModelException(ErrorCode.UNSUPPORTED, "graph", "node", problem);
    }

    /** The graph breaks ONNX' own rules. */
    static ModelException malformed(String problem) {
        return new ModelException(ErrorCode.MALFORMED, "graph", "node", problem);
    }
}
