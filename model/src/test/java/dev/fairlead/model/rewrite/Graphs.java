package dev.fairlead.model.rewrite;

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
import java.util.Optional;
import java.util.TreeMap;

/** Builds small models for tests. */
final class Graphs {
    private final List<Value> inputs = new ArrayList<>();
    private final List<Value> outputs = new ArrayList<>();
    private final List<Value> values = new ArrayList<>();
    private final Map<String, Tensor> initializers = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    Graphs input(String name, DType dtype, String... dims) {
        inputs.add(value(name, dtype, dims));
        return this;
    }

    Graphs input(String name) {
        inputs.add(new Value(name, Optional.empty(), Optional.empty()));
        return this;
    }

    Graphs output(String name, DType dtype, String... dims) {
        outputs.add(value(name, dtype, dims));
        return this;
    }

    Graphs output(String name) {
        outputs.add(new Value(name, Optional.empty(), Optional.empty()));
        return this;
    }

    Graphs states(String name, DType dtype, String... dims) {
        values.add(value(name, dtype, dims));
        return this;
    }

    Graphs weight(String name, Tensor tensor) {
        initializers.put(name, tensor);
        return this;
    }

    Graphs longs(String name, long... numbers) {
        return weight(name, Tensor.ofLongs(List.of((long) numbers.length), numbers));
    }

    Graphs node(String op, String inputs, String outputs) {
        return node(op, inputs, outputs, Map.of());
    }

    /** Names stand in one text, separated by commas. */
    Graphs node(String op, String inputs, String outputs, Map<String, Attribute> attributes) {
        nodes.add(new Node(
                "",
                "",
                op,
                List.of(inputs.split(",", -1)),
                List.of(outputs.split(",", -1)),
                new TreeMap<>(attributes),
                new TreeMap<>()));
        return this;
    }

    Graph graph() {
        return new Graph("g", inputs, outputs, initializers, nodes, values);
    }

    Model model(long opset) {
        return new Model(10, "test", "", new TreeMap<>(Map.of("", opset)), Map.of(), graph());
    }

    private static Value value(String name, DType dtype, String... dims) {
        List<Dim> shape = new ArrayList<>();
        for (String dim : dims) {
            shape.add(dim.equals("?") ? new Dim.Unknown() : Dim.of(ExpressionParser.parse(dim)));
        }
        return Value.of(name, dtype, shape);
    }
}
