package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.onnx.OnnxTypes;
import dev.fairlead.model.tensor.DType;

/** Element types by ONNX' number, as attributes have them. */
final class DTypes {
    private DTypes() {}

    static DType of(long code) {
        return OnnxTypes.parse(Math.toIntExact(code))
                .orElseThrow(() -> Refusals.unsupported("ONNX' element type " + code + " is no number"));
    }
}
