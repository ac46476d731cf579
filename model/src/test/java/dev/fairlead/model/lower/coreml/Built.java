package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.ExpressionParser;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Builds small models for tests. */
final class Built {
    private final List<Value> inputs = new ArrayList<>();
    private final List<Value> outputs = new ArrayList<>();
    private final Map<String, Tensor> initializers = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    Built input(String name, DType dtype, String... dims) {
        inputs.add(value(name, dtype, dims));
        return this;
    }

    Built output(String name, DType dtype, String... dims) {
        outputs.add(value(name, dtype, dims));
        return this;
    }

    Built weight(String name, Tensor tensor) {
        initializers.put(name, tensor);
        return this;
    }

    Built node(String op, String inputs, String outputs) {
        return node(op, inputs, outputs, Map.of());
    }

    /** Names stand in one text, separated by commas. */
    Built node(String op, String inputs, String outputs, Map<String, Attribute> attributes) {
        String[] parts = op.split("/", -1);
        String domain = parts.length == 2 ? parts[0] : "";
        nodes.add(new Node(
                "",
                domain,
                parts[parts.length - 1],
                List.of(inputs.split(",", -1)),
                List.of(outputs.split(",", -1)),
                new TreeMap<>(attributes),
                new TreeMap<>()));
        return this;
    }

    Model model() {
        return new Model(
                10,
                "test",
                "",
                new TreeMap<>(Map.of("", 21L, "com.microsoft", 1L)),
                Map.of("author", "someone"),
                new Graph("g", inputs, outputs, initializers, nodes, List.of()));
    }

    private static Value value(String name, DType dtype, String... dims) {
        return Value.of(
                name,
                dtype,
                Stream.of(dims).map(dim -> Dim.of(ExpressionParser.parse(dim))).toList());
    }
}
