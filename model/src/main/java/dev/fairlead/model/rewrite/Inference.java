package dev.fairlead.model.rewrite;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.tensor.DType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A node and what is known of its inputs. */
final class Inference {
    private final Node node;
    private final long opset;
    private final List<Fact> inputs;
    private final Subgraphs subgraphs;
    private final Map<String, Attribute> inferred = new TreeMap<>();

    /** Infers the graphs of control-flow operators, which see the names around the node. */
    interface Subgraphs {
        Inferred infer(Graph graph, List<Fact> inputs);
    }

    /** A graph with its values stated, and what is known of its outputs. */
    record Inferred(Graph graph, List<Fact> outputs) {}

    Inference(Node node, long opset, List<Fact> inputs, Subgraphs subgraphs) {
        this.node = node;
        this.opset = opset;
        this.inputs = List.copyOf(inputs);
        this.subgraphs = subgraphs;
    }

    Node node() {
        return node;
    }

    /** Version of the node's domain. */
    long opset() {
        return opset;
    }

    int count() {
        return inputs.size();
    }

    int outputs() {
        return node.outputs().size();
    }

    /** Whether the node names this input. */
    boolean has(int index) {
        return index < node.inputs().size() && !node.inputs().get(index).isEmpty();
    }

    /** Nothing is known of an input that the node leaves out. */
    Fact input(int index) {
        return index < inputs.size() ? inputs.get(index) : Fact.UNKNOWN;
    }

    Optional<DType> dtype(int index) {
        return input(index).dtype();
    }

    Optional<List<Dim>> shape(int index) {
        return input(index).shape();
    }

    Optional<Integer> rank(int index) {
        return input(index).rank();
    }

    Optional<List<Optional<Expression>>> elements(int index) {
        return input(index).elements();
    }

    /** One size of an input; unknown where its rank is. */
    Dim dim(int index, int axis) {
        return shape(index)
                .filter(shape -> axis < shape.size())
                .map(shape -> shape.get(axis))
                .orElse(new Dim.Unknown());
    }

    long integer(String name, long otherwise) {
        return node.attributes().get(name) instanceof Attribute.Int(long value) ? value : otherwise;
    }

    Optional<Long> integer(String name) {
        return node.attributes().get(name) instanceof Attribute.Int(long value) ? Optional.of(value) : Optional.empty();
    }

    Optional<List<Long>> integers(String name) {
        return node.attributes().get(name) instanceof Attribute.Ints(List<Long> values)
                ? Optional.of(values)
                : Optional.empty();
    }

    Optional<List<Float>> reals(String name) {
        return node.attributes().get(name) instanceof Attribute.Reals(List<Float> values)
                ? Optional.of(values)
                : Optional.empty();
    }

    String text(String name, String otherwise) {
        return node.attributes().get(name) instanceof Attribute.Text(String value) ? value : otherwise;
    }

    /** Integers that older versions have as an attribute and newer ones as an input; both absent gives present and empty list as {@code otherwise}. */
    Optional<List<Long>> listed(String attribute, int index, Optional<List<Long>> otherwise) {
        Optional<List<Long>> stated = integers(attribute);
        if (stated.isPresent()) {
            return stated;
        }
        return has(index) ? input(index).integers() : otherwise;
    }

    /** An axis counted from the front. */
    int axis(long axis, int rank) {
        long positive = axis < 0 ? axis + rank : axis;
        if (positive < 0 || positive >= Math.max(rank, 1)) {
            throw malformed("axis " + axis + " of a tensor of rank " + rank);
        }
        return (int) positive;
    }

    /** Infers a graph that an attribute holds and keeps what it learnt of the values inside. */
    Optional<List<Fact>> subgraph(String attribute, List<Fact> arguments) {
        if (!(node.attributes().get(attribute) instanceof Attribute.GraphValue(Graph graph))) {
            return Optional.empty();
        }
        Inferred result = subgraphs.infer(graph, arguments);
        inferred.put(attribute, new Attribute.GraphValue(result.graph()));
        return Optional.of(result.outputs());
    }

    Optional<Graph> graph(String attribute) {
        return node.attributes().get(attribute) instanceof Attribute.GraphValue(Graph graph)
                ? Optional.of(graph)
                : Optional.empty();
    }

    /** The node, its graphs inferred. */
    Node inferredNode() {
        if (inferred.isEmpty()) {
            return node;
        }
        TreeMap<String, Attribute> attributes = new TreeMap<>(node.attributes());
        attributes.putAll(inferred);
        return new Node(
                node.name(), node.domain(), node.op(), node.inputs(), node.outputs(), attributes, node.metadata());
    }

    ModelException malformed(String problem) {
        return new ModelException(ErrorCode.MALFORMED, "graph", place(node), problem);
    }

    static String place(Node node) {
        return node.op() + " " + ModelException.shown(name(node));
    }

    /** The node's name, or its first output's where it has none. */
    static String name(Node node) {
        return node.name().isEmpty() && !node.outputs().isEmpty()
                ? node.outputs().getFirst()
                : node.name();
    }
}
