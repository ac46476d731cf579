package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.Map;

/** Quantisation of activations. */
final class QuantizationRules {
    private QuantizationRules() {}

    static void register(Rules rules) {
        rules.add("quantize", (call, out) -> lift("QuantizeLinear", call.outputDtype(), call, out));
        rules.add("dequantize", (call, out) -> lift("DequantizeLinear", call.dtype(call.get("input")), call, out));
    }

    private static void lift(String onnx, DType quantized, Invocation call, Emitter out) {
        Operand input = call.get("input");
        Map<String, Attribute> axis =
                call.has("axis") ? Attributes.of("axis", call.axis("axis", 0, call.rank(input))) : Attributes.NONE;
        // Without a zero point ONNX would quantise to uint8.
        String zero = call.has("zero_point")
                ? out.of(call.get("zero_point"))
                : out.constant(Tensor.allocate(quantized, call.constant("scale").shape()));
        out.result(onnx, axis, out.of(input), out.of(call.get("scale")), zero);
    }
}
