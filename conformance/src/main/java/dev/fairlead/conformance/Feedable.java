package dev.fairlead.conformance;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.onnx.OnnxTypes;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** ONNX Runtime's Java binding takes no wide unsigned inputs; a signed one of the same bits, cast in the graph, is the same. */
final class Feedable {
    private static final Map<DType, DType> SIGNED =
            Map.of(DType.UINT16, DType.INT16, DType.UINT32, DType.INT32, DType.UINT64, DType.INT64);

    private Feedable() {}

    /** The type that an input of a type is given in. */
    static DType dtype(DType dtype) {
        return SIGNED.getOrDefault(dtype, dtype);
    }

    /** What the input of a name is called where its type is another one. */
    static String name(String input) {
        return input + "/signed";
    }

    /** A model whose inputs can be given; the same one where they can be already. */
    static Model of(Model model) {
        Graph graph = model.graph();
        List<Value> inputs = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        for (Value input : graph.inputs()) {
            DType unsigned = input.dtype().orElse(DType.BOOL);
            if (!SIGNED.containsKey(unsigned)) {
                inputs.add(input);
                continue;
            }
            String given = name(input.name());
            inputs.add(Value.of(given, dtype(unsigned), input.shape().orElseThrow()));
            TreeMap<String, Attribute> to = new TreeMap<>();
            to.put("to", new Attribute.Int(OnnxTypes.code(unsigned).orElseThrow()));
            nodes.add(new Node(given, "", "Cast", List.of(given), List.of(input.name()), to, new TreeMap<>()));
        }
        if (nodes.isEmpty()) {
            return model;
        }
        nodes.addAll(graph.nodes());
        return new Model(
                model.irVersion(),
                model.producer(),
                model.producerVersion(),
                model.opsets(),
                model.metadata(),
                new Graph(graph.name(), inputs, graph.outputs(), graph.initializers(), nodes, graph.values()));
    }
}
