package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.mlx.MlxGraph;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.provenance.OfValue;
import dev.fairlead.model.provenance.OriginMetadata;
import dev.fairlead.model.provenance.Relation;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What rules write into: nodes with fresh names, weights, small constants and computed shapes, each recorded with the
 * primitive that it stands for.
 */
final class Emitter {
    private final MlxGraph graph;
    private final Names names;
    private final Weights weights;
    private final Map<String, MlxNode> producers = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, OfValue> provenance = new LinkedHashMap<>();
    private final Map<List<Expression>, String> shapes = new HashMap<>();
    private final Map<Expression, String> sizes = new HashMap<>();
    private @Nullable MlxNode node;
    private @Nullable Rule rule;

    Emitter(MlxGraph graph, Names names, Weights weights) {
        this.graph = graph;
        this.names = names;
        this.weights = weights;
        graph.nodes().forEach(made -> made.outputs().forEach(value -> producers.put(value.name(), made)));
    }

    /** All that follows is written for this primitive. */
    void begin(MlxNode next, Rule by) {
        node = next;
        rule = by;
    }

    List<Node> nodes() {
        return nodes;
    }

    Map<String, OfValue> provenance() {
        return provenance;
    }

    /** The ONNX name of an MLX value; a constant becomes an initializer by being asked for. */
    String of(MlxValue value) {
        String name = names.of(value);
        if (weights.isConstant(value)) {
            weights.use(value, name);
        }
        return name;
    }

    /** The primitive that makes a value, unless it is an input or a constant. */
    Optional<MlxNode> producer(MlxValue value) {
        return Optional.ofNullable(producers.get(value.name()));
    }

    /** The value with axes permuted: a weight is permuted now, anything else at run time. */
    String permuted(MlxValue value, List<Integer> axes) {
        return weights.isConstant(value)
                ? weights.usePermuted(value, axes, names)
                : inner(Relation.PERMUTE, List.of(value.name()), "Transpose", Attributes.of("perm", axes), of(value));
    }

    /** Writes the node that makes an MLX value. */
    void result(MlxValue value, String op, Map<String, Attribute> attributes, String... inputs) {
        write(op, attributes, List.of(inputs), List.of(names.of(value)));
        record(names.of(value), List.of(value.name()), Relation.IDENTITY);
    }

    void result(MlxValue value, String op, String... inputs) {
        result(value, op, Attributes.NONE, inputs);
    }

    /** Writes the one node that makes all of the primitive's outputs. */
    void results(List<MlxValue> values, String op, Map<String, Attribute> attributes, String... inputs) {
        write(op, attributes, List.of(inputs), values.stream().map(names::of).toList());
        values.forEach(value -> record(names.of(value), List.of(value.name()), Relation.IDENTITY));
    }

    /** Writes a step inside the primitive; returns the value's name. */
    String inner(String op, Map<String, Attribute> attributes, String... inputs) {
        List<String> sources = current().outputs().stream().map(MlxValue::name).toList();
        return inner(Relation.FUSED_INTERNAL, sources, op, attributes, inputs);
    }

    String inner(String op, String... inputs) {
        return inner(op, Attributes.NONE, inputs);
    }

    /** Writes a step that stands in a known relation to MLX values. */
    String inner(
            Relation relation, List<String> sources, String op, Map<String, Attribute> attributes, String... inputs) {
        String name = names.fresh(current().output().name() + "/" + op.toLowerCase(Locale.ROOT));
        write(op, attributes, List.of(inputs), List.of(name));
        record(name, sources, relation);
        return name;
    }

    /** Writes a step with several outputs. */
    List<String> inners(String op, Map<String, Attribute> attributes, int count, String... inputs) {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(names.fresh(current().output().name() + "/" + op.toLowerCase(Locale.ROOT)));
        }
        write(op, attributes, List.of(inputs), made);
        List<String> sources = current().outputs().stream().map(MlxValue::name).toList();
        made.forEach(name -> record(name, sources, Relation.FUSED_INTERNAL));
        return made;
    }

    /** A constant that the rule itself brings along. */
    String constant(Tensor tensor) {
        return weights.literal(tensor, names);
    }

    String scalar(DType dtype, double value) {
        return constant(Tensor.scalar(dtype, value));
    }

    String integers(List<? extends Number> values) {
        return constant(Tensor.ofLongs(
                List.of((long) values.size()),
                values.stream().mapToLong(Number::longValue).toArray()));
    }

    /** The sizes as a vector of int64, computed from the inputs' shapes where they depend on a symbol. */
    String shape(List<Expression> dims) {
        if (dims.stream().allMatch(size -> size.constant().isPresent())) {
            return integers(
                    dims.stream().map(size -> size.constant().getAsLong()).toList());
        }
        String known = shapes.get(dims);
        if (known == null) {
            known = dims.size() == 1
                    ? size(dims.getFirst())
                    : shapeNode(
                            "Concat",
                            Attributes.of("axis", 0),
                            dims.stream().map(this::size).toArray(String[]::new));
            shapes.put(List.copyOf(dims), known);
        }
        return known;
    }

    /** One size as an int64 vector of one element. */
    private String size(Expression size) {
        if (size.constant().isPresent()) {
            return integers(List.of(size.constant().getAsLong()));
        }
        String known = sizes.get(size);
        if (known == null) {
            known = computed(size);
            sizes.put(size, known);
        }
        return known;
    }

    private String computed(Expression size) {
        if (size.divisor() != 1) {
            // ONNX divides toward zero; taking off the remainder, which has the divisor's sign, rounds down.
            String whole = size(new Expression(size.terms(), 1));
            String divisor = integers(List.of(size.divisor()));
            String rest = shapeNode("Mod", Attributes.NONE, whole, divisor);
            return shapeNode("Div", Attributes.NONE, shapeNode("Sub", Attributes.NONE, whole, rest), divisor);
        }
        String sum = null;
        for (Map.Entry<List<String>, Long> term : size.terms().entrySet()) {
            String product = null;
            for (String symbol : term.getKey()) {
                product = product == null ? symbol(symbol) : shapeNode("Mul", Attributes.NONE, product, symbol(symbol));
            }
            String factor = integers(List.of(term.getValue()));
            if (product == null) {
                product = factor;
            } else if (term.getValue() != 1) {
                product = shapeNode("Mul", Attributes.NONE, product, factor);
            }
            sum = sum == null ? product : shapeNode("Add", Attributes.NONE, sum, product);
        }
        return sum == null ? integers(List.of(0)) : sum;
    }

    private String symbol(String symbol) {
        Expression wanted = Expression.symbol(symbol);
        String known = sizes.get(wanted);
        if (known != null) {
            return known;
        }
        for (MlxValue input : graph.inputs()) {
            int axis = input.shape().indexOf(wanted);
            if (axis >= 0) {
                Map<String, Attribute> range =
                        Map.of("start", new Attribute.Int(axis), "end", new Attribute.Int(axis + 1L));
                String made = shapeNode("Shape", range, of(input));
                sizes.put(wanted, made);
                return made;
            }
        }
        throw new ModelException(
                ErrorCode.UNSUPPORTED,
                current().file(),
                current().path(),
                "no input has a size that is just " + symbol + ", so it cannot be found at run time");
    }

    private String shapeNode(String op, Map<String, Attribute> attributes, String... inputs) {
        String name = names.fresh("shape/" + op.toLowerCase(Locale.ROOT));
        write(op, attributes, List.of(inputs), List.of(name));
        record(name, List.of(), Relation.SHAPE);
        return name;
    }

    private void write(String op, Map<String, Attribute> attributes, List<String> inputs, List<String> outputs) {
        SortedMap<String, String> metadata = OriginMetadata.of(
                current().op(), current().output().name(), current().origin());
        nodes.add(new Node(outputs.getFirst(), "", op, inputs, outputs, new TreeMap<>(attributes), metadata));
    }

    private void record(String value, List<String> sources, Relation relation) {
        Rule by = rule;
        provenance.put(
                value,
                new OfValue(
                        value,
                        sources,
                        current().origin(),
                        by == null ? "" : by.op(),
                        by == null ? 0 : by.version(),
                        relation));
    }

    private MlxNode current() {
        MlxNode now = node;
        if (now == null) {
            throw new IllegalStateException("begin was not called");
        }
        return now;
    }
}
