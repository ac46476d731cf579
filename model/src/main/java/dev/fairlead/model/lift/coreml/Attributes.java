package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.onnx.OnnxTypes;
import dev.fairlead.model.tensor.DType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Short forms for the attributes that rules write. */
final class Attributes {
    static final Map<String, Attribute> NONE = Map.of();

    private Attributes() {}

    static Map<String, Attribute> of(String name, long value) {
        return Map.of(name, new Attribute.Int(value));
    }

    static Map<String, Attribute> of(String name, List<? extends Number> values) {
        return Map.of(name, ints(values));
    }

    static Map<String, Attribute> real(String name, double value) {
        return Map.of(name, new Attribute.Real((float) value));
    }

    static Map<String, Attribute> text(String name, String value) {
        return Map.of(name, new Attribute.Text(value));
    }

    /** The attribute of Cast. */
    static Map<String, Attribute> to(DType dtype) {
        return of("to", OnnxTypes.code(dtype).orElseThrow());
    }

    static Attribute.Ints ints(List<? extends Number> values) {
        return new Attribute.Ints(values.stream().map(Number::longValue).toList());
    }

    /** Several together. */
    @SafeVarargs
    static Map<String, Attribute> all(Map<String, Attribute>... parts) {
        Map<String, Attribute> all = new HashMap<>();
        for (Map<String, Attribute> part : parts) {
            all.putAll(part);
        }
        return all;
    }
}
