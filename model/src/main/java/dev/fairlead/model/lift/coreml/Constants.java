package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.provenance.OfWeight;
import dev.fairlead.model.provenance.WeightTransform;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Segments;
import dev.fairlead.model.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The initializers of the graph being written: weights as they are mapped or decoded, and literals. */
final class Constants {
    private final Names names;
    private final Map<String, Tensor> initializers = new LinkedHashMap<>();
    private final Map<String, OfWeight> provenance = new LinkedHashMap<>();
    private final Map<Object, String> used = new HashMap<>();
    private final Map<String, String> literals = new HashMap<>();

    Constants(Names names) {
        this.names = names;
    }

    /** Puts a weight into the graph, once; returns the name of its value. */
    String use(Weight weight, Emitter out) {
        // The same memory is one initializer, under whatever names.
        Object key = weight instanceof Weight.Plain(String name, Tensor tensor) ? tensor : weight;
        String known = used.get(key);
        if (known == null) {
            known = switch (weight) {
                case Weight.Plain(String name, Tensor tensor) -> initializer(name, name, tensor, List.of());
                case Weight.Decoded decoded ->
                    initializer(
                            decoded.name(),
                            decoded.source(),
                            decoded.dense(),
                            List.of(new WeightTransform.Computed(decoded.how())));
                case Weight.Widened(String name, Tensor half) ->
                    out.outermost(
                            "Cast", Attributes.to(DType.FLOAT32), initializer(name + "/half", name, half, List.of()));
                case Weight.Scaled scaled -> Dequantization.emit(scaled, this, out);
            };
            used.put(key, known);
        }
        return known;
    }

    /** Puts a tensor of the source into the graph. */
    String initializer(String wanted, String source, Tensor tensor, List<WeightTransform> transforms) {
        String name = names.fresh(wanted);
        initializers.put(name, tensor);
        provenance.put(name, new OfWeight(name, source, Segments.sha256(tensor.data()), transforms));
        return name;
    }

    /** Puts a constant of a rule into the graph; the same bytes share one initializer. */
    String literal(Tensor tensor) {
        String key = tensor.dtype() + "" + tensor.shape() + Segments.sha256(tensor.data());
        return literals.computeIfAbsent(key, k -> {
            String name = names.fresh("literal/" + tensor.dtype().text());
            initializers.put(name, tensor);
            return name;
        });
    }

    Map<String, Tensor> initializers() {
        return initializers;
    }

    Map<String, OfWeight> provenance() {
        return provenance;
    }
}
