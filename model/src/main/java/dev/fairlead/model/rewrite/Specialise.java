package dev.fairlead.model.rewrite;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.Tensor;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns inputs of a model into constants, for formats that want axes, shapes or weights to be known when a model is made. */
public final class Specialise {
    private Specialise() {}

    /**
     * The model without these inputs.
     *
     * @param constants by input name
     * @throws ModelException MISSING when the model has no such input
     */
    public static Model inputs(Model model, Map<String, Tensor> constants) {
        if (constants.isEmpty()) {
            return model;
        }
        Graph graph = model.graph();
        Set<String> unknown = new HashSet<>(constants.keySet());
        graph.inputs().forEach(input -> unknown.remove(input.name()));
        if (!unknown.isEmpty()) {
            throw new ModelException(
                    ErrorCode.MISSING, "graph", "inputs", "none is called " + String.join(", ", unknown));
        }
        List<Value> inputs = graph.inputs().stream()
                .filter(input -> !constants.containsKey(input.name()))
                .toList();
        Map<String, Tensor> initializers = new LinkedHashMap<>(graph.initializers());
        graph.inputs().forEach(input -> {
            Tensor constant = constants.get(input.name());
            if (constant != null) {
                initializers.put(input.name(), constant);
            }
        });
        return model.withGraph(
                new Graph(graph.name(), inputs, graph.outputs(), initializers, graph.nodes(), graph.values()));
    }
}
