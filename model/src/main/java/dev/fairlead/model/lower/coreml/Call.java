package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A node with its operands. The accessors refuse with a reason, so that rules need not check each piece. */
final class Call {
    private final Node node;
    private final long opset;
    private final Scope scope;
    private final GraphLowering lowering;
    private final Precision precision;

    Call(Node node, long opset, Scope scope, GraphLowering lowering, Precision precision) {
        this.node = node;
        this.opset = opset;
        this.scope = scope;
        this.lowering = lowering;
        this.precision = precision;
    }

    Node node() {
        return node;
    }

    /** Version of the node's domain. */
    long opset() {
        return opset;
    }

    Scope scope() {
        return scope;
    }

    GraphLowering lowering() {
        return lowering;
    }

    int inputs() {
        return node.inputs().size();
    }

    boolean has(int index) {
        return index < node.inputs().size() && !node.inputs().get(index).isEmpty();
    }

    /** Whether something reads this output. */
    boolean wants(int output) {
        return output < node.outputs().size()
                && !node.outputs().get(output).isEmpty()
                && lowering.isUsed(node.outputs().get(output));
    }

    private String name(int index) {
        if (!has(index)) {
            throw Refusals.malformed("input " + index + " is missing");
        }
        return node.inputs().get(index);
    }

    /** An operand in the type that this node computes in. */
    Var in(int index) {
        return lowering.use(name(index), scope, precision);
    }

    List<Var> ins() {
        return IntStream.range(0, inputs()).mapToObj(this::in).toList();
    }

    Optional<Var> optional(int index) {
        return has(index) ? Optional.of(in(index)) : Optional.empty();
    }

    /** An operand that is a sequence. */
    List<Scope.Held> sequence(int index) {
        return scope.sequence(name(index))
                .orElseThrow(() -> Refusals.unsupported("a sequence whose length is not known"));
    }

    Scope.Held held(int index) {
        return new Scope.Held(in(index), declared(index));
    }

    /** An operand's ONNX element type. */
    DType declared(int index) {
        String name = name(index);
        return scope.constant(name)
                .map(Tensor::dtype)
                .orElseGet(() -> scope.held(name)
                        .orElseThrow(() -> Refusals.malformed("nothing makes input " + name))
                        .declared());
    }

    /** What MIL computes with for values of an ONNX type in this node. */
    MilDataType element(DType declared) {
        return lowering.element(declared, precision);
    }

    Optional<Tensor> constant(int index) {
        return has(index) ? scope.constant(name(index)) : Optional.empty();
    }

    /** An operand that MIL wants as a constant. */
    Tensor constant(int index, String what) {
        String name = name(index);
        return scope.constant(name).orElseThrow(() -> {
            lowering.wantConstant(name);
            return Refusals.unsupported("input " + index + " (" + what + ") must be a constant");
        });
    }

    /** A constant vector of integers. */
    long[] longs(int index, String what) {
        Tensor tensor = constant(index, what);
        return IntStream.range(0, Math.toIntExact(tensor.elements()))
                .mapToLong(tensor::longAt)
                .toArray();
    }

    /** An optional constant vector of integers. */
    Optional<long[]> optionalLongs(int index, String what) {
        return has(index) ? Optional.of(longs(index, what)) : Optional.empty();
    }

    long integer(String name, long otherwise) {
        return attribute(name) instanceof Attribute.Int(long value) ? value : absent(name, otherwise);
    }

    long integer(String name) {
        if (attribute(name) instanceof Attribute.Int(long value)) {
            return value;
        }
        throw Refusals.malformed("attribute " + name + " is missing or has the wrong kind");
    }

    boolean isSet(String name) {
        return integer(name, 0) != 0;
    }

    double real(String name, double otherwise) {
        return attribute(name) instanceof Attribute.Real(float value) ? value : absent(name, otherwise);
    }

    String text(String name, String otherwise) {
        return attribute(name) instanceof Attribute.Text(String value) ? value : absent(name, otherwise);
    }

    Optional<long[]> integers(String name) {
        return attribute(name) instanceof Attribute.Ints(List<Long> values)
                ? Optional.of(values.stream().mapToLong(Long::longValue).toArray())
                : absent(name, Optional.empty());
    }

    List<Float> reals(String name) {
        return attribute(name) instanceof Attribute.Reals(List<Float> values) ? values : absent(name, List.of());
    }

    List<String> texts(String name) {
        return attribute(name) instanceof Attribute.Texts(List<String> values) ? values : absent(name, List.of());
    }

    Graph graph(String name) {
        if (attribute(name) instanceof Attribute.GraphValue(Graph graph)) {
            return graph;
        }
        throw Refusals.malformed("attribute " + name + " is no graph");
    }

    @Nullable Attribute attribute(String name) {
        return node.attributes().get(name);
    }

    private <T> T absent(String name, T otherwise) {
        if (attribute(name) != null) {
            throw Refusals.malformed("attribute " + name + " has the wrong kind");
        }
        return otherwise;
    }

    /** Defines the first output, of the first operand's ONNX type unless it is a flag. */
    void result(Var value) {
        result(0, value, sameAs(value));
    }

    void result(Var value, DType declared) {
        result(0, value, declared);
    }

    /** Defines an output; narrow integers are wrapped to their width by the rule where it is needed. */
    void result(int output, Var value, DType declared) {
        if (!wants(output)) {
            return;
        }
        MilDataType expected = Carried.element(declared);
        boolean real = expected == MilDataType.FLOAT32 || expected == MilDataType.FLOAT16;
        if (real ? !value.isReal() : value.element() != expected) {
            throw new IllegalStateException(
                    node.op() + " made " + value.element() + " for an output declared " + declared.text());
        }
        lowering.define(node.outputs().get(output), value, declared, scope);
    }

    /** Defines the output as a sequence. */
    void result(List<Scope.Held> items) {
        scope.sequence(node.outputs().getFirst(), items);
    }

    /** Defines an output that is known now. */
    void result(int output, Tensor constant) {
        if (wants(output)) {
            scope.constant(node.outputs().get(output), constant);
        }
    }

    private DType sameAs(Var value) {
        if (value.isFlag()) {
            return DType.BOOL;
        }
        List<DType> candidates = new ArrayList<>();
        for (int i = 0; i < inputs(); i++) {
            if (has(i)) {
                candidates.add(declared(i));
            }
        }
        return candidates.stream()
                .filter(dtype -> value.isReal() ? dtype.isFloating() : dtype.isInteger())
                .findFirst()
                .orElse(value.isReal() ? DType.FLOAT32 : DType.INT64);
    }
}
