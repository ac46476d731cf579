package dev.fairlead.conformance;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.onnx.OnnxTypes;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Models with float64 wherever a narrower float16, bfloat16 or float32 stood. Rules write their constants in the graph's type, so a
 * widened graph keeps all digits of them. ONNX' schemas don't allow the type everywhere; neither the interpreter nor MLX minds.
 */
public final class Widened {
    /** What is told of a case that only passes so. */
    public static final Outcome PASSED = new Outcome.PassedElsewhere(
            "the same graph with float64 for narrower types, for a rule's constants are rounded to the graph's type");

    private static final Set<DType> NARROW = Set.of(DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32);
    private static final Set<String> TYPES =
            Set.of("to", "dtype", "output_datatype", "output_dtype", "stash_type", "softmax_precision");
    private static final Attribute FLOAT64 =
            new Attribute.Int(OnnxTypes.code(DType.FLOAT64).orElseThrow());

    private Widened() {}

    /** The model with wide types. */
    public static Model of(Model model) {
        return new Model(
                model.irVersion(),
                model.producer(),
                model.producerVersion(),
                model.opsets(),
                model.metadata(),
                graph(model.graph()));
    }

    /** A value with wide numbers. */
    public static Content of(Content content) {
        return switch (content) {
            case Content.Dense(Tensor tensor) -> new Content.Dense(tensor(tensor));
            case Content.Texts texts -> texts;
            case Content.Sequence(List<Content> items) ->
                new Content.Sequence(items.stream().map(Widened::of).toList());
            case Content.Maybe(Optional<Content> item) -> new Content.Maybe(item.map(Widened::of));
        };
    }

    private static Graph graph(Graph graph) {
        Map<String, Tensor> initializers = new LinkedHashMap<>();
        graph.initializers().forEach((name, tensor) -> initializers.put(name, tensor(tensor)));
        return new Graph(
                graph.name(),
                graph.inputs().stream().map(Widened::value).toList(),
                graph.outputs().stream().map(Widened::value).toList(),
                initializers,
                graph.nodes().stream().map(Widened::node).toList(),
                graph.values().stream().map(Widened::value).toList());
    }

    private static Value value(Value value) {
        return new Value(value.name(), type(value.type()), value.metadata());
    }

    private static Type type(Type type) {
        return switch (type) {
            case Type.Dense(Optional<DType> dtype, var shape) -> new Type.Dense(dtype.map(Widened::dtype), shape);
            case Type.Sequence(Type item) -> new Type.Sequence(type(item));
            case Type.Maybe(Type item) -> new Type.Maybe(type(item));
            case Type.Texts _, Type.Sparse _, Type.Mapping _ -> type;
        };
    }

    private static DType dtype(DType dtype) {
        return NARROW.contains(dtype) ? DType.FLOAT64 : dtype;
    }

    private static Tensor tensor(Tensor tensor) {
        if (!NARROW.contains(tensor.dtype())) {
            return tensor;
        }
        Tensor wide = Tensor.allocate(DType.FLOAT64, tensor.shape());
        for (long i = 0; i < tensor.elements(); i++) {
            wide.set(i, tensor.doubleAt(i));
        }
        return wide;
    }

    private static Node node(Node node) {
        TreeMap<String, Attribute> attributes = new TreeMap<>();
        node.attributes().forEach((name, attribute) -> attributes.put(name, attribute(name, attribute)));
        switch (node.op()) {
            case "Constant" -> constant(attributes);
            case "ConstantOfShape" ->
                attributes.putIfAbsent("value", new Attribute.TensorValue(Tensor.allocate(DType.FLOAT64, List.of(1L))));
            case "BlackmanWindow", "HammingWindow", "HannWindow" -> attributes.putIfAbsent("output_datatype", FLOAT64);
            case "SequenceEmpty" -> attributes.putIfAbsent("dtype", FLOAT64);
            default -> {
                // all other operators take their types from their inputs
            }
        }
        return new Node(
                node.name(), node.domain(), node.op(), node.inputs(), node.outputs(), attributes, node.metadata());
    }

    /** The forms that have no type of their own are of float32. */
    private static void constant(Map<String, Attribute> attributes) {
        if (attributes.remove("value_float") instanceof Attribute.Real(float number)) {
            attributes.put("value", new Attribute.TensorValue(Tensor.scalar(DType.FLOAT64, number)));
        }
        if (attributes.remove("value_floats") instanceof Attribute.Reals(List<Float> numbers)) {
            Tensor tensor = Tensor.allocate(DType.FLOAT64, List.of((long) numbers.size()));
            for (int i = 0; i < numbers.size(); i++) {
                tensor.set(i, numbers.get(i).doubleValue());
            }
            attributes.put("value", new Attribute.TensorValue(tensor));
        }
    }

    private static Attribute attribute(String name, Attribute attribute) {
        return switch (attribute) {
            case Attribute.Int(long code)
            when TYPES.contains(name) ->
                OnnxTypes.parse(Math.toIntExact(code)).filter(NARROW::contains).isPresent() ? FLOAT64 : attribute;
            case Attribute.TensorValue(Tensor tensor) -> new Attribute.TensorValue(tensor(tensor));
            case Attribute.GraphValue(Graph graph) -> new Attribute.GraphValue(graph(graph));
            case Attribute.TypeValue(Type type) -> new Attribute.TypeValue(type(type));
            case Attribute.Int _, Attribute.Real _, Attribute.Text _, Attribute.TextTensor _ -> attribute;
            case Attribute.Ints _, Attribute.Reals _, Attribute.Texts _ -> attribute;
        };
    }
}
