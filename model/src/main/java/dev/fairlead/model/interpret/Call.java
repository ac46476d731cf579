package dev.fairlead.model.interpret;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.AttributeReader;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A node and what its inputs hold. The accessors fail naming the node and what is wrong, so kernels need not check each piece. */
final class Call extends AttributeReader {
    private final long opset;
    private final List<Optional<Datum>> inputs;
    private final Subgraphs subgraphs;
    private final Sums sums;

    /** Runs the graphs of control-flow operators, which see the names around the node. */
    interface Subgraphs {
        /** The graph's outputs for its inputs, both in the graph's order. */
        List<Datum> run(Graph graph, List<Datum> inputs);
    }

    Call(Node node, long opset, List<Optional<Datum>> inputs, Sums sums, Subgraphs subgraphs) {
        super(node);
        this.opset = opset;
        this.inputs = List.copyOf(inputs);
        this.sums = sums;
        this.subgraphs = subgraphs;
    }

    /** Version of the node's domain. */
    long opset() {
        return opset;
    }

    int inputs() {
        return inputs.size();
    }

    /** Number of outputs that the node names. */
    int outputs() {
        return node().outputs().size();
    }

    /** How the node's reductions add. */
    Sums sums() {
        return sums;
    }

    Subgraphs subgraphs() {
        return subgraphs;
    }

    boolean has(int index) {
        return index < inputs.size() && inputs.get(index).isPresent();
    }

    Datum datum(int index) {
        if (!has(index)) {
            throw malformed("input " + index + " is missing");
        }
        return inputs.get(index).orElseThrow();
    }

    Array array(int index) {
        return switch (datum(index)) {
            case Datum.Dense(Array array) -> array;
            case Datum.Maybe(Optional<Datum> item)
            when item.isPresent() && item.get() instanceof Datum.Dense(Array array) -> array;
            case Datum.Sequence _, Datum.Maybe _ -> throw malformed("input " + index + " is no tensor");
        };
    }

    Array.Reals reals(int index) {
        if (array(index) instanceof Array.Reals reals) {
            return reals;
        }
        throw malformed("input " + index + " holds no floating numbers");
    }

    Array.Integers integers(int index) {
        if (array(index) instanceof Array.Integers integers) {
            return integers;
        }
        throw malformed("input " + index + " holds no integers");
    }

    /** An integer input's numbers: a shape, axes, pads. */
    long[] longs(int index) {
        return integers(index).values();
    }

    /** The only element of an integer input. */
    long onlyLong(int index) {
        long[] values = longs(index);
        if (values.length != 1) {
            throw malformed("input " + index + " has " + values.length + " elements, expected one");
        }
        return values[0];
    }

    /** The only element of an input of numbers. */
    double onlyReal(int index) {
        Array array = array(index);
        if (array.size() == 1 && array instanceof Array.Reals reals) {
            return reals.values()[0];
        }
        if (array.size() == 1 && array instanceof Array.Integers integers) {
            return Widths.real(integers.dtype(), integers.values()[0]);
        }
        throw malformed("input " + index + " is no single number");
    }

    Array.Texts texts(int index) {
        if (array(index) instanceof Array.Texts texts) {
            return texts;
        }
        throw malformed("input " + index + " holds no strings");
    }

    List<Datum> sequence(int index) {
        return switch (datum(index)) {
            case Datum.Sequence(var items) -> items;
            case Datum.Maybe(Optional<Datum> item)
            when item.isPresent() && item.get() instanceof Datum.Sequence(var items) -> items;
            case Datum.Dense _, Datum.Maybe _ -> throw malformed("input " + index + " is no sequence");
        };
    }

    /** All inputs, none of which may be left out. */
    List<Array> arrays() {
        return IntStream.range(0, inputs()).mapToObj(this::array).toList();
    }

    Optional<Array> optional(int index) {
        return has(index) ? Optional.of(array(index)) : Optional.empty();
    }

    @Override
    public ModelException malformed(String problem) {
        return new ModelException(ErrorCode.MALFORMED, "graph", place(), problem);
    }

    ModelException unsupported(String problem) {
        return new ModelException(ErrorCode.UNSUPPORTED, "graph", place(), problem);
    }

    private String place() {
        String name = node().name().isEmpty() && !node().outputs().isEmpty()
                ? node().outputs().getFirst()
                : node().name();
        return node().op() + " " + ModelException.shown(name);
    }
}
