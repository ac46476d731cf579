package dev.fairlead.conformance.gate;

import dev.fairlead.conformance.Retyped;
import dev.fairlead.conformance.gate.Fault.Level;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.onnx.OnnxTypes;
import dev.fairlead.model.rewrite.ShapeInference;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Float32 models at another level of precision. */
final class Levels {
    private static final int BLOCK = 16;

    private Levels() {}

    /** What the graph declares. */
    static Model declared(Model model, Level level) {
        return switch (level) {
            case FLOAT32 -> model;
            case FLOAT16 -> Retyped.narrowed(DType.FLOAT16).of(model);
            case BFLOAT16 -> Retyped.narrowed(DType.BFLOAT16).of(model);
            case INT4 -> quantised(model);
        };
    }

    /**
     * What ONNX Runtime is given of it. Its CPU kernels know no bfloat16, and some of those for float16 keep their sums in float16: every
     * result of a float32 kernel is rounded to the narrow type and back.
     */
    static Model executable(Model model, Level level) {
        return switch (level) {
            case FLOAT32, INT4 -> declared(model, level);
            case FLOAT16 -> rounded(model, DType.FLOAT16);
            case BFLOAT16 -> rounded(model, DType.BFLOAT16);
        };
    }

    /** Products with constant weights in blocks of 4 bits; others stay as they are. */
    private static Model quantised(Model model) {
        Graph graph = model.graph();
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Tensor weight =
                    node.op().equals("MatMul") ? constants.get(node.inputs().get(1)) : null;
            if (weight == null || weight.shape().size() != 2 || weight.dtype() != DType.FLOAT32) {
                nodes.add(node);
                continue;
            }
            String name = node.inputs().get(1);
            Blocks blocks = new Blocks(name, weight, BLOCK);
            constants.putAll(blocks.constants());
            nodes.add(new Node(
                    node.name(),
                    "com.microsoft",
                    "MatMulNBits",
                    List.of(node.inputs().getFirst(), name + "_packed", name + "_scales"),
                    node.outputs(),
                    new TreeMap<>(blocks.attributes()),
                    new TreeMap<>()));
        }
        constants
                .keySet()
                .removeIf(name -> nodes.stream().noneMatch(node -> node.inputs().contains(name)));
        TreeMap<String, Long> opsets = new TreeMap<>(model.opsets());
        opsets.put("com.microsoft", 1L);
        Graph made = new Graph(graph.name(), graph.inputs(), graph.outputs(), constants, nodes, graph.values());
        return new Model(model.irVersion(), model.producer(), model.producerVersion(), opsets, model.metadata(), made);
    }

    private static Model rounded(Model model, DType narrow) {
        Graph graph = model.graph();
        Set<String> floats = floats(model);
        Map<String, Tensor> constants = new LinkedHashMap<>();
        graph.initializers().forEach((name, tensor) -> constants.put(name, rounded(tensor, narrow)));
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (floats.contains(node.outputs().getLast())) {
                String output = node.outputs().getLast();
                nodes.add(new Node(
                        node.name(),
                        node.domain(),
                        node.op(),
                        node.inputs(),
                        List.of(output + "_wide"),
                        node.attributes(),
                        node.metadata()));
                nodes.add(cast(output + "_wide", output + "_narrow", narrow));
                nodes.add(cast(output + "_narrow", output, DType.FLOAT32));
            } else {
                nodes.add(node);
            }
        }
        return model.withGraph(
                new Graph(graph.name(), graph.inputs(), graph.outputs(), constants, nodes, graph.values()));
    }

    private static Set<String> floats(Model model) {
        Graph typed = ShapeInference.infer(model).graph();
        return Stream.concat(typed.values().stream(), typed.outputs().stream())
                .filter(value -> value.dtype().filter(DType.FLOAT32::equals).isPresent())
                .map(Value::name)
                .collect(Collectors.toSet());
    }

    private static Node cast(String from, String to, DType dtype) {
        long code = OnnxTypes.code(dtype).orElseThrow();
        return new Node(
                from + "_cast",
                "",
                "Cast",
                List.of(from),
                List.of(to),
                new TreeMap<>(Map.of("to", new Attribute.Int(code))),
                new TreeMap<>());
    }

    /** An input as ONNX Runtime takes it. */
    static Tensor fed(Tensor tensor) {
        return tensor.dtype().isFloating() ? of(tensor, DType.FLOAT32) : tensor;
    }

    /** An output of ONNX Runtime as the graph declares it. */
    static Tensor given(Tensor tensor, Level level) {
        return switch (level) {
            case FLOAT32, INT4 -> tensor;
            case FLOAT16 -> tensor.dtype() == DType.FLOAT32 ? of(tensor, DType.FLOAT16) : tensor;
            case BFLOAT16 -> tensor.dtype() == DType.FLOAT32 ? of(tensor, DType.BFLOAT16) : tensor;
        };
    }

    private static Tensor of(Tensor tensor, DType dtype) {
        Tensor made = Tensor.allocate(dtype, tensor.shape());
        for (long i = 0; i < tensor.elements(); i++) {
            made.set(i, tensor.doubleAt(i));
        }
        return made;
    }

    /** To the narrow type and back. */
    private static Tensor rounded(Tensor tensor, DType narrow) {
        return tensor.dtype() == DType.FLOAT32 ? of(of(tensor, narrow), DType.FLOAT32) : tensor;
    }
}
