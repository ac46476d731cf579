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
import java.util.stream.Collectors;

/** Models with one floating type wherever certain others stood. */
public final class Retyped {
    /**
     * Float64 for all narrower types. Rules write their constants in the graph's type, so a widened graph keeps all digits of them. ONNX'
     * schemas don't allow the type everywhere; neither the interpreter nor MLX minds.
     */
    public static final Retyped WIDENED =
            new Retyped(Set.of(DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32), DType.FLOAT64);

    /** What is told of a case that only passes {@link #WIDENED}. */
    public static final Outcome PASSED = new Outcome.PassedElsewhere(
            "the same graph with float64 for narrower types, for a rule's constants are rounded to the graph's type");

    private static final Set<String> TYPES = Set.of("to", "dtype", "output_datatype", "output_dtype");

    /** What an operator computes in inside. */
    private static final Set<String> INNER_TYPES = Set.of("stash_type", "softmax_precision");

    private final Set<DType> from;
    private final DType to;

    private Retyped(Set<DType> from, DType to) {
        this.from = from;
        this.to = to;
    }

    /** A narrower type in place of float32. */
    public static Retyped narrowed(DType to) {
        return new Retyped(Set.of(DType.FLOAT32), to);
    }

    /** The model with the other type. */
    public Model of(Model model) {
        return new Model(
                model.irVersion(),
                model.producer(),
                model.producerVersion(),
                model.opsets(),
                model.metadata(),
                graph(model.graph()));
    }

    /** A value with the other type. */
    public Content of(Content content) {
        return switch (content) {
            case Content.Dense(Tensor tensor) -> new Content.Dense(tensor(tensor));
            case Content.Texts texts -> texts;
            case Content.Sequence(List<Content> items) ->
                new Content.Sequence(items.stream().map(this::of).toList());
            case Content.Maybe(Optional<Content> item) -> new Content.Maybe(item.map(this::of));
        };
    }

    private Graph graph(Graph graph) {
        Map<String, Tensor> initializers = new LinkedHashMap<>();
        Set<String> scales = scales(graph);
        graph.initializers()
                .forEach((name, tensor) -> initializers.put(name, scales.contains(name) ? tensor : tensor(tensor)));
        return new Graph(
                graph.name(),
                graph.inputs().stream().map(this::value).toList(),
                graph.outputs().stream().map(this::value).toList(),
                initializers,
                graph.nodes().stream().map(this::node).toList(),
                graph.values().stream().map(this::value).toList());
    }

    /** A resize's regions and scales are of float32 or wider, whatever it resizes. */
    private Set<String> scales(Graph graph) {
        return to == DType.FLOAT64
                ? Set.of()
                : graph.nodes().stream()
                        .filter(node -> node.op().equals("Resize"))
                        .flatMap(node -> node.inputs().stream().skip(1))
                        .collect(Collectors.toSet());
    }

    private Value value(Value value) {
        return new Value(value.name(), type(value.type()), value.metadata());
    }

    private Type type(Type type) {
        return switch (type) {
            case Type.Dense(Optional<DType> dtype, var shape) -> new Type.Dense(dtype.map(this::dtype), shape);
            case Type.Sequence(Type item) -> new Type.Sequence(type(item));
            case Type.Maybe(Type item) -> new Type.Maybe(type(item));
            case Type.Texts _, Type.Sparse _, Type.Mapping _ -> type;
        };
    }

    private DType dtype(DType dtype) {
        return from.contains(dtype) ? to : dtype;
    }

    private Tensor tensor(Tensor tensor) {
        if (!from.contains(tensor.dtype())) {
            return tensor;
        }
        Tensor other = Tensor.allocate(to, tensor.shape());
        for (long i = 0; i < tensor.elements(); i++) {
            other.set(i, tensor.doubleAt(i));
        }
        return other;
    }

    private Node node(Node node) {
        TreeMap<String, Attribute> attributes = new TreeMap<>();
        node.attributes().forEach((name, attribute) -> attributes.put(name, attribute(name, attribute)));
        switch (node.op()) {
            case "Constant" -> constant(attributes);
            case "ConstantOfShape" ->
                attributes.putIfAbsent("value", new Attribute.TensorValue(Tensor.allocate(to, List.of(1L))));
            case "BlackmanWindow", "HammingWindow", "HannWindow" -> attributes.putIfAbsent("output_datatype", code());
            case "SequenceEmpty" -> attributes.putIfAbsent("dtype", code());
            default -> {
                // all other operators take their types from their inputs
            }
        }
        return new Node(
                node.name(), node.domain(), node.op(), node.inputs(), node.outputs(), attributes, node.metadata());
    }

    /** The forms that have no type of their own are of float32. */
    private void constant(Map<String, Attribute> attributes) {
        if (attributes.remove("value_float") instanceof Attribute.Real(float number)) {
            attributes.put("value", new Attribute.TensorValue(Tensor.scalar(to, number)));
        }
        if (attributes.remove("value_floats") instanceof Attribute.Reals(List<Float> numbers)) {
            Tensor tensor = Tensor.allocate(to, List.of((long) numbers.size()));
            for (int i = 0; i < numbers.size(); i++) {
                tensor.set(i, numbers.get(i).doubleValue());
            }
            attributes.put("value", new Attribute.TensorValue(tensor));
        }
    }

    private Attribute code() {
        return new Attribute.Int(OnnxTypes.code(to).orElseThrow());
    }

    private Attribute attribute(String name, Attribute attribute) {
        return switch (attribute) {
            case Attribute.Int(long code)
            when TYPES.contains(name) || (to == DType.FLOAT64 && INNER_TYPES.contains(name)) ->
                OnnxTypes.parse(Math.toIntExact(code)).filter(from::contains).isPresent() ? code() : attribute;
            case Attribute.TensorValue(Tensor tensor) -> new Attribute.TensorValue(tensor(tensor));
            case Attribute.GraphValue(Graph graph) -> new Attribute.GraphValue(graph(graph));
            case Attribute.TypeValue(Type type) -> new Attribute.TypeValue(type(type));
            case Attribute.Int _, Attribute.Real _, Attribute.Text _, Attribute.TextTensor _ -> attribute;
            case Attribute.Ints _, Attribute.Reals _, Attribute.Texts _ -> attribute;
        };
    }
}
