package dev.fairlead.model.mlx;

import java.util.List;
import java.util.Map;

/**
 * A traced function: values are made once and before they are used.
 *
 * @param frameworkVersion MLX's version; the arity of a primitive's state changes between versions
 * @param constants in the file's order; their bytes are tensors of the same names in {@code weights.safetensors}
 * @param values every value by name: inputs, constants and the nodes' outputs
 */
public record MlxGraph(
        String frameworkVersion,
        List<String> symbols,
        List<MlxValue> inputs,
        List<Output> outputs,
        List<MlxValue> constants,
        List<MlxNode> nodes,
        Map<String, MlxValue> values) {
    /** A result under the name that the signature gives it. */
    public record Output(String name, MlxValue value) {}

    public MlxGraph {
        symbols = List.copyOf(symbols);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        constants = List.copyOf(constants);
        nodes = List.copyOf(nodes);
        values = Map.copyOf(values);
    }
}
