package dev.fairlead.model.rewrite;

import dev.fairlead.model.tensor.DType;
import java.util.List;
import java.util.Optional;

/** Quantised numbers and back. */
final class QuantisationShapes {
    private QuantisationShapes() {}

    static void register(ShapeRules rules) {
        rules.add("QuantizeLinear", at -> List.of(Fact.of(quantised(at), at.shape(0))));
        rules.add(
                "DequantizeLinear",
                at -> List.of(Fact.of(ElementwiseShapes.type(at, "output_dtype").or(() -> at.dtype(1)), at.shape(0))));
        rules.add(
                "DynamicQuantizeLinear",
                at -> List.of(
                        Fact.of(Optional.of(DType.UINT8), at.shape(0)), Fact.of(DType.FLOAT32), Fact.of(DType.UINT8)));
    }

    /** The zero point's type, else as the attribute says, else uint8. */
    private static Optional<DType> quantised(Inference at) {
        if (at.has(2)) {
            return at.dtype(2);
        }
        return at.integer("output_dtype", 0) == 0
                ? Optional.of(DType.UINT8)
                : ElementwiseShapes.type(at, "output_dtype");
    }
}
