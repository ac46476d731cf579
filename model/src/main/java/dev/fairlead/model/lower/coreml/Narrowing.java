package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.lower.Loss;
import dev.fairlead.model.onnx.OnnxTypes;
import dev.fairlead.model.provenance.OfWeight;
import dev.fairlead.model.provenance.WeightTransform;
import dev.fairlead.model.rewrite.ShapeInference;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Segments;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Gives a graph types that Core ML computes in, where its own are none: float64 and bfloat16 become float32, uint32 and uint64 become int64. That is
 * another function, and each place where it differs is a loss.
 */
public final class Narrowing {
    private static final Map<DType, DType> INSTEAD = Map.of(
            DType.FLOAT64, DType.FLOAT32,
            DType.BFLOAT16, DType.FLOAT32,
            DType.UINT32, DType.INT64,
            DType.UINT64, DType.INT64);

    /** Attributes that are a number of {@code TensorProto.DataType}. */
    private static final Set<String> TYPES =
            Set.of("to", "dtype", "output_dtype", "output_datatype", "stash_type", "softmax_precision", "precision");

    private final Map<String, DType> types = new HashMap<>();
    private final List<Loss> losses = new ArrayList<>();
    private final List<OfWeight> weights = new ArrayList<>();

    private Narrowing() {}

    /**
     * The model in other types; the same model where all its types are Core ML's.
     *
     * @param losses in the order of inputs, weights and nodes
     * @param weights where the weights in other types come from
     */
    public record Narrowed(Model model, List<Loss> losses, List<OfWeight> weights) {
        public Narrowed {
            losses = List.copyOf(losses);
            weights = List.copyOf(weights);
        }

        /** All types as they are. */
        public static Narrowed none(Model model) {
            return new Narrowed(model, List.of(), List.of());
        }
    }

    public static Narrowed apply(Model model) {
        Narrowing narrowing = new Narrowing();
        Graph graph = narrowing.graph(model.graph(), ShapeInference.infer(model).graph());
        return narrowing.losses.isEmpty() && narrowing.weights.isEmpty()
                ? Narrowed.none(model)
                : new Narrowed(model.withGraph(graph), narrowing.losses, narrowing.weights);
    }

    private Graph graph(Graph given, Graph inferred) {
        inferred.inputs().forEach(this::learn);
        inferred.outputs().forEach(this::learn);
        inferred.values().forEach(this::learn);
        given.inputs().stream()
                .filter(input -> !given.initializers().containsKey(input.name()))
                .forEach(input -> input.dtype()
                        .filter(INSTEAD::containsKey)
                        .ifPresent(dtype -> losses.add(new Loss("input", input.name(), taken(dtype)))));
        Map<String, Tensor> initializers = new LinkedHashMap<>();
        given.initializers().forEach((name, tensor) -> {
            Tensor narrowed = weight(name, tensor);
            initializers.put(name, narrowed);
            if (narrowed.dtype() != tensor.dtype()) {
                weights.add(new OfWeight(
                        name,
                        name,
                        Segments.sha256(tensor.data()),
                        List.of(new WeightTransform.Computed(
                                "as " + narrowed.dtype().text()))));
            }
        });
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < given.nodes().size(); i++) {
            nodes.add(node(given.nodes().get(i), inferred.nodes().get(i)));
        }
        return new Graph(
                given.name(),
                values(given.inputs()),
                values(given.outputs()),
                initializers,
                nodes,
                values(given.values()));
    }

    private void learn(Value value) {
        value.dtype().ifPresent(dtype -> types.put(value.name(), dtype));
    }

    private Node node(Node given, Node inferred) {
        String place =
                given.outputs().isEmpty() ? given.name() : given.outputs().getFirst();
        given.outputs().stream()
                .map(types::get)
                .filter(dtype -> dtype != null && INSTEAD.containsKey(dtype))
                .findFirst()
                .ifPresent(dtype -> losses.add(new Loss(given.op(), place, computed(dtype))));
        SortedMap<String, Attribute> attributes = new TreeMap<>();
        given.attributes()
                .forEach((name, attribute) -> attributes.put(
                        name,
                        switch (attribute) {
                            case Attribute.GraphValue(Graph inner)
                            when inferred.attributes().get(name) instanceof Attribute.GraphValue(Graph known) ->
                                new Attribute.GraphValue(graph(inner, known));
                            case Attribute.TensorValue(Tensor tensor) ->
                                new Attribute.TensorValue(weight(place, tensor));
                            case Attribute.Int(long code) when TYPES.contains(name) -> new Attribute.Int(code(code));
                            case Attribute.TypeValue(Type type) -> new Attribute.TypeValue(type(type));
                            default -> attribute;
                        }));
        return new Node(
                given.name(),
                given.domain(),
                given.op(),
                given.inputs(),
                given.outputs(),
                attributes,
                given.metadata());
    }

    private static long code(long code) {
        return INSTEAD.entrySet().stream()
                .filter(entry -> OnnxTypes.code(entry.getKey()).orElseThrow() == code)
                .map(entry -> (long) OnnxTypes.code(entry.getValue()).orElseThrow())
                .findFirst()
                .orElse(code);
    }

    private static List<Value> values(List<Value> values) {
        return values.stream()
                .map(value -> new Value(value.name(), type(value.type()), value.metadata()))
                .toList();
    }

    private static Type type(Type type) {
        return switch (type) {
            case Type.Dense(var dtype, var shape) -> new Type.Dense(dtype(dtype), shape);
            case Type.Sparse(var dtype, var shape) -> new Type.Sparse(dtype(dtype), shape);
            case Type.Sequence(var item) -> new Type.Sequence(type(item));
            case Type.Maybe(var item) -> new Type.Maybe(type(item));
            case Type.Mapping(var key, var item) -> new Type.Mapping(dtype(key), type(item));
            case Type.Texts texts -> texts;
        };
    }

    private static Optional<DType> dtype(Optional<DType> dtype) {
        return dtype.map(known -> INSTEAD.getOrDefault(known, known));
    }

    private Tensor weight(String name, Tensor tensor) {
        DType wanted = INSTEAD.get(tensor.dtype());
        if (wanted == null) {
            return tensor;
        }
        Tensor made = Tensor.spilled(wanted, tensor.shape());
        double worst = 0;
        for (long i = 0; i < tensor.elements(); i++) {
            if (wanted.isInteger()) {
                made.set(i, tensor.longAt(i));
            } else {
                double exact = tensor.doubleAt(i);
                made.set(i, exact);
                if (exact != 0 && Double.isFinite(exact)) {
                    worst = Math.max(worst, Math.abs(made.doubleAt(i) - exact) / Math.abs(exact));
                }
            }
        }
        if (worst > 0) {
            losses.add(new Loss(
                    "weight",
                    name,
                    "%s is stored as %s, off by a relative %.2g at most"
                            .formatted(tensor.dtype().text(), wanted.text(), worst)));
        }
        return made;
    }

    private static String taken(DType dtype) {
        return dtype.text() + " is taken as "
                + INSTEAD.getOrDefault(dtype, dtype).text() + (dtype.isInteger() ? ", below 2^31" : "");
    }

    private static String computed(DType dtype) {
        return switch (dtype) {
            case FLOAT64 -> "float64 is computed in float32, rounded to 24 bits instead of 53";
            case BFLOAT16 -> "bfloat16 is computed in float32, not rounded to 8 bits";
            default -> dtype.text() + " is computed in int32, and does not wrap at 2^" + dtype.bits() + " but at 2^31";
        };
    }
}
