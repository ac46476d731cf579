package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.mlx.MlxGraph;
import dev.fairlead.model.mlx.MlxValue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** ONNX names of MLX values. Inputs and outputs keep the signature's names; the rest keep their own where free. */
final class Names {
    private final Set<String> taken = new HashSet<>();
    private final Map<String, String> byValue = new HashMap<>();

    Names(MlxGraph graph, String file) {
        for (MlxValue input : graph.inputs()) {
            byValue.put(input.name(), input.name());
            taken.add(input.name());
        }
        Set<String> constants = new HashSet<>();
        graph.constants().forEach(constant -> constants.add(constant.name()));
        for (int i = 0; i < graph.outputs().size(); i++) {
            MlxGraph.Output output = graph.outputs().get(i);
            if (!taken.add(output.name())) {
                throw new ModelException(
                        ErrorCode.MALFORMED,
                        file,
                        "outputs[" + i + "].name",
                        ModelException.shown(output.name()) + " is also an input's or another output's name");
            }
            if (!constants.contains(output.value().name())) {
                byValue.putIfAbsent(output.value().name(), output.name());
            }
        }
        graph.values().keySet().stream().sorted().forEach(name -> {
            if (!byValue.containsKey(name)) {
                byValue.put(name, fresh(name));
            }
        });
    }

    String of(MlxValue value) {
        String name = byValue.get(value.name());
        if (name == null) {
            throw new IllegalArgumentException("value: " + value.name() + " is not of this graph");
        }
        return name;
    }

    /** A name that nothing else has, as near as possible to the one wanted. */
    String fresh(String wanted) {
        String name = wanted;
        for (int i = 1; !taken.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }
}
