package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.ModelException;
import dev.fairlead.model.coreml.MilBlock;
import dev.fairlead.model.coreml.MilType;
import dev.fairlead.model.coreml.MilVariable;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.provenance.OfValue;
import dev.fairlead.model.provenance.OriginMetadata;
import dev.fairlead.model.provenance.Relation;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What rules write into: nodes with fresh names, weights and small constants, each recorded with the operation that it
 * stands for. Weights and constants belong to the outermost graph, so that the graphs within share them.
 */
final class Emitter {
    /** Lifts the operations of a block into the graph that is being written. */
    interface Blocks {
        void lift(MilBlock block, Scope scope, String path);
    }

    private final Names names;
    private final Blocks blocks;
    private final Constants constants;
    private final List<Node> root = new ArrayList<>();
    private final Deque<List<Node>> frames = new ArrayDeque<>();
    private final Map<String, OfValue> provenance = new LinkedHashMap<>();
    private final Map<String, MilType.OfTensor> types = new LinkedHashMap<>();
    private final Map<String, Operand> states = new LinkedHashMap<>();
    private final Map<String, String> labels = new TreeMap<>();
    private @Nullable Invocation current;

    Emitter(Names names, Blocks blocks) {
        this.names = names;
        this.blocks = blocks;
        this.constants = new Constants(names);
        frames.push(root);
    }

    /** All that follows is written for this operation; returns the one before it. */
    Optional<Invocation> begin(Invocation next) {
        Optional<Invocation> before = Optional.ofNullable(current);
        current = next;
        return before;
    }

    void resume(Optional<Invocation> before) {
        current = before.orElse(null);
    }

    void lift(MilBlock block, Scope scope, String path) {
        blocks.lift(block, scope, path);
    }

    /** What a state holds now. */
    Operand held(String state) {
        Operand held = states.get(state);
        if (held == null) {
            throw now().malformed("input", ModelException.shown(state) + " is no state of this function");
        }
        return held;
    }

    void hold(String state, Operand value) {
        states.put(state, value);
    }

    /** The labels that a classifier's outputs stand for, as a JSON list, by output. */
    Map<String, String> labels() {
        return labels;
    }

    void label(String output, String list) {
        labels.put(output, list);
    }

    List<Node> nodes() {
        return root;
    }

    Constants constants() {
        return constants;
    }

    Map<String, OfValue> provenance() {
        return provenance;
    }

    /** Types of the values that stand for MIL values. */
    Map<String, MilType.OfTensor> types() {
        return types;
    }

    /** The ONNX name of a tensor; a constant becomes an initializer, or nodes that make it, by being asked for. */
    String of(Operand operand) {
        return switch (operand) {
            case Operand.Computed(String onnx, MilType.OfTensor type) -> onnx;
            case Operand.Constant(Weight weight) -> constants.use(weight, this);
            case Operand.Texts t -> throw now().unsupported("text is no operand here");
            case Operand.Other o -> throw now().unsupported("only tensors are operands here");
            case Operand.Failed f ->
                throw now().unsupported("an operand is made by an operation that no rule converts");
            case Operand.State s -> throw now().unsupported("a state is no operand here");
        };
    }

    String[] of(List<Operand> operands) {
        return operands.stream().map(this::of).toArray(String[]::new);
    }

    /** Lets a MIL name stand for a tensor that is there already. */
    void alias(MilVariable variable, Operand operand) {
        now().scope().bind(variable.name(), operand);
    }

    /** Writes the node that makes the operation's one output. */
    void result(String op, Map<String, Attribute> attributes, String... inputs) {
        result(now().output(), op, attributes, inputs);
    }

    void result(String op, String... inputs) {
        result(op, Attributes.NONE, inputs);
    }

    /** Writes the node that makes one of the operation's outputs. */
    void result(MilVariable variable, String op, Map<String, Attribute> attributes, String... inputs) {
        String name = name(variable);
        write(frames.getFirst(), op, "", attributes, List.of(inputs), List.of(name));
        bind(variable, name, Relation.IDENTITY);
    }

    /** Writes the one node that makes all of the operation's outputs. */
    void results(String op, Map<String, Attribute> attributes, String... inputs) {
        List<MilVariable> variables = now().operation().outputs();
        List<String> made = variables.stream().map(this::name).toList();
        write(frames.getFirst(), op, "", attributes, List.of(inputs), made);
        for (int i = 0; i < made.size(); i++) {
            bind(variables.get(i), made.get(i), Relation.IDENTITY);
        }
    }

    /** The ONNX name for a MIL value: its own in the function's block, a free one within another. */
    private String name(MilVariable variable) {
        return now().scope().isOutermost() ? variable.name() : names.fresh(variable.name() + "/inner");
    }

    private void bind(MilVariable variable, String name, Relation relation) {
        if (!(variable.type() instanceof MilType.OfTensor type)) {
            throw now().unsupported("an output is no tensor");
        }
        bind(variable, name, type, relation);
    }

    /** Writes the node that makes an output of a type that ONNX has no tensor for as a tensor that stands for it. */
    void resultAs(
            MilVariable variable,
            MilType.OfTensor type,
            String op,
            Map<String, Attribute> attributes,
            String... inputs) {
        String name = name(variable);
        write(frames.getFirst(), op, "", attributes, List.of(inputs), List.of(name));
        bind(variable, name, type, Relation.IDENTITY);
    }

    private void bind(MilVariable variable, String name, MilType.OfTensor type, Relation relation) {
        now().scope().bind(variable.name(), new Operand.Computed(name, type));
        types.put(name, type);
        record(name, List.of(variable.name()), relation);
    }

    /** Writes a step inside the operation; returns the value's name. */
    String inner(String op, Map<String, Attribute> attributes, String... inputs) {
        return inners(op, attributes, 1, inputs).getFirst();
    }

    String inner(String op, String... inputs) {
        return inner(op, Attributes.NONE, inputs);
    }

    /** Writes a step with several outputs. */
    List<String> inners(String op, Map<String, Attribute> attributes, int count, String... inputs) {
        return steps(frames.getFirst(), op, attributes, count, inputs);
    }

    /** Writes a step into the outermost graph, for a constant that several graphs may ask for. */
    String outermost(String op, Map<String, Attribute> attributes, String... inputs) {
        return steps(root, op, attributes, 1, inputs).getFirst();
    }

    private List<String> steps(
            List<Node> into, String op, Map<String, Attribute> attributes, int count, String... inputs) {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(names.fresh(source() + "/" + op.toLowerCase(Locale.ROOT)));
        }
        write(into, op, "", attributes, List.of(inputs), made);
        List<String> sources =
                now().operation().outputs().stream().map(MilVariable::name).toList();
        made.forEach(name -> record(name, sources, Relation.FUSED_INTERNAL));
        return made;
    }

    /** A graph within the operation: its nodes are what the body writes, its outputs what the body returns. */
    Graph graph(String name, List<Value> inputs, Supplier<List<Value>> body) {
        List<Node> nodes = new ArrayList<>();
        frames.push(nodes);
        List<Value> outputs = body.get();
        frames.pop();
        return new Graph(name, inputs, outputs, Map.of(), nodes, List.of());
    }

    /** A copy under a name of its own: what a graph within hands out must be made in it. */
    String copied(String value) {
        return inner("Identity", value);
    }

    String fresh(String wanted) {
        return names.fresh(wanted);
    }

    /** A constant that the rule itself brings along. */
    String constant(Tensor tensor) {
        return constants.literal(tensor);
    }

    String scalar(DType dtype, double value) {
        return constant(Tensor.scalar(dtype, value));
    }

    String integers(List<? extends Number> values) {
        return constant(Tensor.ofLongs(
                List.of((long) values.size()),
                values.stream().mapToLong(Number::longValue).toArray()));
    }

    String integers(long... values) {
        return constant(Tensor.ofLongs(List.of((long) values.length), values));
    }

    String cast(String value, DType dtype) {
        return inner("Cast", Attributes.to(dtype), value);
    }

    /** A tensor as this type: itself where it has it. */
    String as(Operand operand, DType dtype) {
        return now().dtype(operand) == dtype ? of(operand) : cast(of(operand), dtype);
    }

    /** A tensor of integers as int64, which ONNX wants for shapes and positions. */
    String longs(Operand operand) {
        Optional<Tensor> known = Invocation.known(operand);
        if (known.isPresent()) {
            Tensor tensor = Tensor.allocate(DType.INT64, known.get().shape());
            for (long i = 0; i < tensor.elements(); i++) {
                tensor.set(i, known.get().longAt(i));
            }
            return constant(tensor);
        }
        return as(operand, DType.INT64);
    }

    /** The shape of a tensor as a vector of int64. */
    String shape(Operand operand) {
        Optional<List<Long>> known = now().type(operand).shape();
        return known.isPresent() ? integers(known.get()) : inner("Shape", of(operand));
    }

    /** One size of a tensor as a vector of one int64. */
    String size(Operand operand, int axis) {
        Optional<Long> known = now().size(operand, axis);
        return known.isPresent()
                ? integers(known.get())
                : inner(
                        "Shape",
                        Attributes.all(Attributes.of("start", axis), Attributes.of("end", axis + 1L)),
                        of(operand));
    }

    private String source() {
        List<MilVariable> outputs = now().operation().outputs();
        return outputs.isEmpty() ? now().op() : outputs.getFirst().name();
    }

    private void write(
            List<Node> into,
            String op,
            String domain,
            Map<String, Attribute> attributes,
            List<String> inputs,
            List<String> outputs) {
        into.add(new Node(
                outputs.getFirst(),
                domain,
                op,
                trimmed(inputs),
                outputs,
                new TreeMap<>(attributes),
                OriginMetadata.of(now().op(), source(), Origin.UNKNOWN)));
    }

    /** Optional inputs at the end are left out, not empty. */
    private static List<String> trimmed(List<String> inputs) {
        int end = inputs.size();
        while (end > 0 && inputs.get(end - 1).isEmpty()) {
            end--;
        }
        return inputs.subList(0, end);
    }

    private void record(String value, List<String> sources, Relation relation) {
        provenance.put(value, new OfValue(value, sources, Origin.UNKNOWN, now().op(), 1, relation));
    }

    private Invocation now() {
        Invocation now = current;
        if (now == null) {
            throw new IllegalStateException("begin was not called");
        }
        return now;
    }
}
