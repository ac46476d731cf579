package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.onnx.OnnxTypes;
import dev.fairlead.model.tensor.DType;
import java.util.Map;

/** The attribute of ONNX Cast. */
final class Casts {
    private Casts() {}

    static Map<String, Attribute> to(DType dtype) {
        return Attributes.of("to", OnnxTypes.code(dtype).orElseThrow());
    }
}
