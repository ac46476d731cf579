package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.graph.Attribute;
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

    static Attribute.Ints ints(List<? extends Number> values) {
        return new Attribute.Ints(values.stream().map(Number::longValue).toList());
    }
}
