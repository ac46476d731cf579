package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A node on its way from one operator set to the next: what is known of its values, and what it becomes. */
final class Opset {
    private final Node node;
    private final Values known;
    private final Names names;
    private final List<Node> before = new ArrayList<>();

    /** What the model says of values, by name. */
    interface Values {
        Fact of(String name);
    }

    /** Makes names that the model does not have. */
    interface Names {
        String fresh(String wanted);

        /** Remembers a constant that stands in no model yet. */
        void hold(String name, Tensor tensor);
    }

    /** The node has no form in the next operator set. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refusal(String problem) {
            super(problem);
        }
    }

    Opset(Node node, Values known, Names names) {
        this.node = node;
        this.known = known;
        this.names = names;
    }

    Node node() {
        return node;
    }

    boolean has(int input) {
        return input < node.inputs().size() && !node.inputs().get(input).isEmpty();
    }

    Fact input(int index) {
        return has(index) ? known.of(node.inputs().get(index)) : Fact.UNKNOWN;
    }

    Fact output(int index) {
        return known.of(node.outputs().get(index));
    }

    long integer(String name, long otherwise) {
        return node.attributes().get(name) instanceof Attribute.Int(long value) ? value : otherwise;
    }

    boolean hasAttribute(String name) {
        return node.attributes().containsKey(name);
    }

    /** The integers of a constant input. */
    List<Long> constant(int index, String what) {
        return input(index).integers().orElseThrow(() -> new Refusal(what + " is no constant"));
    }

    DType dtype(int index) {
        return input(index).dtype().orElseThrow(() -> new Refusal("the type of input " + index + " is not known"));
    }

    List<Dim> shape(int index) {
        return input(index).shape().orElseThrow(() -> new Refusal("the rank of input " + index + " is not known"));
    }

    /** A constant beside the node; its name begins with the node's first output. */
    String constant(String suffix, Tensor tensor) {
        String name = emit("Constant", suffix, List.of(), Map.of("value", new Attribute.TensorValue(tensor)));
        names.hold(name, tensor);
        return name;
    }

    String longs(String suffix, List<Long> values) {
        long[] numbers = values.stream().mapToLong(Long::longValue).toArray();
        return constant(suffix, Tensor.ofLongs(List.of((long) numbers.length), numbers));
    }

    /** A scalar of the first input's type. */
    String scalar(String suffix, double value) {
        return constant(suffix, Tensor.scalar(dtype(0), value));
    }

    /** A node before this one; its only output's name. */
    String emit(String op, String suffix, List<String> inputs, Map<String, Attribute> attributes) {
        String output = names.fresh(node.outputs().getFirst() + "/" + suffix);
        before.add(new Node(
                node.name().isEmpty() ? "" : node.name() + "/" + suffix,
                "",
                op,
                inputs,
                List.of(output),
                new TreeMap<>(attributes),
                node.metadata()));
        return output;
    }

    String emit(String op, String suffix, String... inputs) {
        return emit(op, suffix, List.of(inputs), Map.of());
    }

    /** What was emitted, and this node at the end. */
    List<Node> then(String op, List<String> inputs, Map<String, Attribute> attributes) {
        List<Node> nodes = new ArrayList<>(before);
        nodes.add(new Node(node.name(), "", op, inputs, node.outputs(), new TreeMap<>(attributes), node.metadata()));
        return nodes;
    }

    List<Node> unchanged() {
        return List.of(node);
    }

    List<Node> with(String attribute, Attribute value) {
        SortedMap<String, Attribute> attributes = new TreeMap<>(node.attributes());
        attributes.put(attribute, value);
        return then(node.op(), node.inputs(), attributes);
    }

    List<Node> without(String attribute) {
        SortedMap<String, Attribute> attributes = new TreeMap<>(node.attributes());
        attributes.remove(attribute);
        return then(node.op(), node.inputs(), attributes);
    }

    /** Drops an attribute that says what the older version does anyway. */
    List<Node> withoutDefault(String attribute, Attribute implied) {
        Attribute stated = node.attributes().get(attribute);
        if (stated != null && !stated.equals(implied)) {
            throw new Refusal("attribute " + attribute + " is " + text(stated));
        }
        return stated == null ? unchanged() : without(attribute);
    }

    /** The inputs with one more at a place; places between are left out. */
    List<String> inputsWith(int index, String name) {
        List<String> inputs = new ArrayList<>(node.inputs());
        while (inputs.size() <= index) {
            inputs.add("");
        }
        inputs.set(index, name);
        return inputs;
    }

    List<String> inputsUpTo(int count) {
        return node.inputs().subList(0, Math.min(count, node.inputs().size()));
    }

    static String text(Attribute attribute) {
        return switch (attribute) {
            case Attribute.Int(long value) -> Long.toString(value);
            case Attribute.Real(float value) -> Float.toString(value);
            case Attribute.Text(String value) -> value;
            case Attribute.Ints(var values) -> values.toString();
            case Attribute.Reals(var values) -> values.toString();
            case Attribute.Texts(var values) -> values.toString();
            case Attribute.TensorValue _, Attribute.TextTensor _ -> "a tensor";
            case Attribute.GraphValue _ -> "a graph";
            case Attribute.TypeValue _ -> "a type";
        };
    }

    /** The number that a size certainly is. */
    static Optional<Long> fixed(Dim dim) {
        return dim instanceof Dim.Fixed(long size) ? Optional.of(size) : Optional.empty();
    }
}
