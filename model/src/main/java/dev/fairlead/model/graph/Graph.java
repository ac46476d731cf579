package dev.fairlead.model.graph;

import dev.fairlead.model.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph with ONNX semantics: nodes in topological order, every value made once.
 *
 * @param initializers constants by name, in the file's order; their memory belongs to whoever read or made it
 * @param values what is stated of inner values
 */
public record Graph(
        String name,
        List<Value> inputs,
        List<Value> outputs,
        Map<String, Tensor> initializers,
        List<Node> nodes,
        List<Value> values) {
    public Graph {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        initializers = Collections.unmodifiableMap(new LinkedHashMap<>(initializers));
        nodes = List.copyOf(nodes);
        values = List.copyOf(values);
    }
}
