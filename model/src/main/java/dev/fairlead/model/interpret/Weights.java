package dev.fairlead.model.interpret;

import dev.fairlead.model.graph.Model;
import dev.fairlead.model.tensor.Tensor;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * A model's weights as arrays. Those of a model that is small beside the Java heap are widened once and kept, for it may run thousands of
 * times; others are widened when they are used, so that a model is never all held in float64.
 */
final class Weights {
    /** Of the heap, what kept weights may take. */
    private static final int SHARE = 6;

    private final boolean isKept;
    private final Map<Tensor, Array> kept = Collections.synchronizedMap(new IdentityHashMap<>());

    Weights(Model model) {
        long bytes = Operators.graphs(model.graph())
                .flatMap(graph -> graph.initializers().values().stream())
                .mapToLong(tensor -> Double.BYTES * tensor.elements())
                .sum();
        this.isKept = bytes < Runtime.getRuntime().maxMemory() / SHARE;
    }

    Array of(Tensor tensor) {
        if (!isKept) {
            return Array.of(tensor);
        }
        Array known = kept.get(tensor);
        if (known == null) {
            known = Array.of(tensor);
            kept.put(tensor, known);
        }
        return known;
    }
}
