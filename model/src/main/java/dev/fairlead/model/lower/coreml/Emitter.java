package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.coreml.MilArgument;
import dev.fairlead.model.coreml.MilBlock;
import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.coreml.MilOperation;
import dev.fairlead.model.coreml.MilType;
import dev.fairlead.model.coreml.MilValue;
import dev.fairlead.model.coreml.MilVariable;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What rules write into, through {@link Mil}: operations and constants with names of their own. It knows what each constant holds
 * and which operator set all that was written needs.
 */
final class Emitter {
    /** Constants up to this size are looked up, so that equal ones are written once. */
    private static final int POOLED_BYTES = 1024;

    private final int target;
    private final Names names = new Names();
    private final List<Constant> constants = new ArrayList<>();
    private final Map<String, Tensor> contents = new HashMap<>();
    private final Map<List<Object>, Var> pooled = new HashMap<>();
    private final Map<String, String> renamed = new HashMap<>();
    private final Deque<List<MilOperation>> blocks = new ArrayDeque<>();
    private final Trace trace = new Trace();
    private int needed = CoremlModel.IOS_15;
    private String hint = "value";

    /** A constant and where it is written, which depends on the operator set. */
    private sealed interface Constant {
        record OfTensor(String name, Tensor tensor) implements Constant {}

        record OfText(String name, String text) implements Constant {}

        record Computed(MilOperation operation) implements Constant {}
    }

    /** @param target the highest specification version that may be used */
    Emitter(int target) {
        this.target = target;
        blocks.push(new ArrayList<>());
    }

    Trace trace() {
        return trace;
    }

    /** What follows is named after this value. */
    void begin(String value) {
        hint = value;
    }

    int target() {
        return target;
    }

    /** The lowest specification version that has all that was written. */
    int needed() {
        return needed;
    }

    /** Notes that something needs a specification version; refuses it when the target is older. */
    void need(int version, String what) {
        if (version > target) {
            throw Refusals.unsupported(
                    what + " needs " + Opsets.name(version) + ", the target is " + Opsets.name(target));
        }
        needed = Math.max(needed, version);
    }

    /** A feature's name; it is kept if MIL takes it. */
    Var input(String wanted, MilDataType element, List<Dim> shape) {
        return new Var(names.fresh(wanted), element, shape);
    }

    Var write(String type, Map<String, Var> inputs, MilDataType element, List<Dim> shape) {
        Map<String, List<Var>> all = new TreeMap<>();
        inputs.forEach((parameter, value) -> all.put(parameter, List.of(value)));
        return write(type, all, List.of(fresh(type, element, shape)), List.of()).getFirst();
    }

    /** Writes an operation; its outputs were made by {@link #fresh}. */
    List<Var> write(String type, Map<String, List<Var>> inputs, List<Var> outputs, List<MilBlock> inner) {
        need(Opsets.since(type), "the operation " + type);
        boolean moves = type.equals("reshape");
        for (Var input : inputs.values().stream().flatMap(List::stream).toList()) {
            requireRank(moves ? 0 : input.rank());
        }
        for (Var output : outputs) {
            requireRank(output.rank());
            if (output.shape().contains(new Dim.Fixed(0))) {
                throw Refusals.unsupported("a tensor without elements, which Core ML does not have");
            }
        }
        Map<String, List<MilArgument>> bound = new LinkedHashMap<>();
        new TreeMap<>(inputs)
                .forEach((parameter, values) -> bound.put(
                        parameter,
                        values.stream()
                                .map(value -> (MilArgument) new MilArgument.Name(value.name()))
                                .toList()));
        current()
                .add(new MilOperation(
                        type,
                        bound,
                        outputs.stream().map(Emitter::variable).toList(),
                        inner,
                        Map.of("name", MilValue.text(outputs.getFirst().name()))));
        outputs.forEach(trace::made);
        return outputs;
    }

    /** Writes an operation that gives nothing, and changes what outlives the call. */
    void effect(String type, Map<String, Var> inputs) {
        need(Opsets.since(type), "the operation " + type);
        Map<String, List<MilArgument>> bound = new LinkedHashMap<>();
        new TreeMap<>(inputs)
                .forEach((parameter, value) -> bound.put(parameter, List.of(new MilArgument.Name(value.name()))));
        current()
                .add(new MilOperation(
                        type,
                        bound,
                        List.of(),
                        List.of(),
                        Map.of("name", MilValue.text(names.fresh(hint + "_" + type)))));
    }

    static void requireRank(int rank) {
        if (rank > Mil.MAX_RANK) {
            throw Refusals.unsupported("a tensor of rank " + rank + ", Core ML has at most " + Mil.MAX_RANK);
        }
    }

    Var fresh(String type, MilDataType element, List<Dim> shape) {
        return new Var(names.fresh(hint + "_" + type), element, shape);
    }

    /** A constant of a type that MIL has; small ones are shared. */
    Var constant(Tensor tensor, String wanted) {
        if (tensor.elements() == 0) {
            throw Refusals.unsupported("a constant without elements, which Core ML does not have");
        }
        List<Object> key = null;
        if (tensor.data().byteSize() <= POOLED_BYTES) {
            byte[] bytes = tensor.data().toArray(ValueLayout.JAVA_BYTE);
            key = List.of(tensor.dtype(), tensor.shape(), Arrays.toString(bytes));
            Var known = pooled.get(key);
            if (known != null) {
                return known;
            }
        }
        MilDataType element = MilDataType.of(tensor.dtype())
                .orElseThrow(() ->
                        Refusals.unsupported("a constant of " + tensor.dtype().text() + ", which MIL does not have"));
        Var made = new Var(names.fresh(wanted), element, Shapes.of(tensor.shape()));
        constants.add(new Constant.OfTensor(made.name(), tensor));
        contents.put(made.name(), tensor);
        if (key != null) {
            pooled.put(key, made);
        }
        return made;
    }

    Var text(String text) {
        return pooled.computeIfAbsent(List.of("text", text), key -> {
            Var made = new Var(names.fresh(hint + "_" + text), MilDataType.STRING, List.of());
            constants.add(new Constant.OfText(made.name(), text));
            return made;
        });
    }

    /** A weight that is computed from packed numbers when the model is loaded: a constexpr operation. */
    Var computed(String type, Map<String, Tensor> parameters, String wanted, MilDataType element, List<Dim> shape) {
        need(Opsets.since(type), "the operation " + type);
        Var made = new Var(names.fresh(wanted), element, shape);
        Map<String, List<MilArgument>> inputs = new LinkedHashMap<>();
        Map<String, MilValue> attributes = new LinkedHashMap<>();
        attributes.put("name", MilValue.text(made.name()));
        boolean asInputs = Opsets.since(type) >= CoremlModel.IOS_18;
        new TreeMap<>(parameters).forEach((name, tensor) -> {
            MilValue value = MilValue.of(tensor, Opsets.since(type));
            if (asInputs) {
                inputs.put(name, List.of(new MilArgument.Literal(value)));
            } else {
                attributes.put(name, value);
            }
        });
        constants.add(
                new Constant.Computed(new MilOperation(type, inputs, List.of(variable(made)), List.of(), attributes)));
        return made;
    }

    /** What a constant holds; empty for anything that is computed. */
    Optional<Tensor> content(Var value) {
        return Optional.ofNullable(contents.get(value.name()));
    }

    /** An identifier that nothing else will have. */
    String reserve(String wanted) {
        return names.fresh(wanted);
    }

    /** Gives a computed value its final, reserved name, if it has none yet; says whether it could. */
    boolean rename(Var value, String reserved) {
        return !contents.containsKey(value.name()) && renamed.putIfAbsent(value.name(), reserved) == null;
    }

    /** The name that a value has in the program. */
    String name(Var value) {
        return renamed.getOrDefault(value.name(), value.name());
    }

    /** Starts an inner block; what follows is written into it. */
    void open() {
        blocks.push(new ArrayList<>());
    }

    /** Ends the inner block. */
    MilBlock close(List<Var> inputs, List<Var> outputs) {
        return new MilBlock(
                inputs.stream().map(Emitter::variable).toList(),
                outputs.stream().map(Var::name).toList(),
                blocks.pop());
    }

    /** Drops the inner block, for something in it was refused. */
    void abandon() {
        blocks.pop();
    }

    /** The function's block: constants first, then the operations. */
    MilBlock finish(List<Var> outputs, int version) {
        List<MilOperation> all = new ArrayList<>();
        for (Constant constant : constants) {
            all.add(
                    switch (constant) {
                        case Constant.OfTensor(String name, Tensor tensor) ->
                            MilOperation.constant(name, MilValue.of(tensor, version));
                        case Constant.OfText(String name, String text) ->
                            MilOperation.constant(name, MilValue.text(text));
                        case Constant.Computed(MilOperation operation) -> operation;
                    });
        }
        all.addAll(current());
        return Unused.removed(
                rename(new MilBlock(List.of(), outputs.stream().map(Var::name).toList(), all)));
    }

    /** Where the values of the finished block come from. */
    Provenance provenance(MilBlock block) {
        return trace.provenance(Unused.made(block), name -> renamed.getOrDefault(name, name));
    }

    private MilBlock rename(MilBlock block) {
        return new MilBlock(
                block.inputs().stream().map(this::rename).toList(),
                block.outputs().stream()
                        .map(name -> renamed.getOrDefault(name, name))
                        .toList(),
                block.operations().stream().map(this::rename).toList());
    }

    private MilOperation rename(MilOperation operation) {
        Map<String, List<MilArgument>> inputs = new LinkedHashMap<>();
        operation
                .inputs()
                .forEach((parameter, arguments) -> inputs.put(
                        parameter,
                        arguments.stream()
                                .map(argument -> argument instanceof MilArgument.Name(String name)
                                        ? new MilArgument.Name(renamed.getOrDefault(name, name))
                                        : argument)
                                .toList()));
        List<MilVariable> outputs =
                operation.outputs().stream().map(this::rename).toList();
        Map<String, MilValue> attributes = new LinkedHashMap<>(operation.attributes());
        if (!outputs.isEmpty()) {
            attributes.put("name", MilValue.text(outputs.getFirst().name()));
        }
        return new MilOperation(
                operation.type(),
                inputs,
                outputs,
                operation.blocks().stream().map(this::rename).toList(),
                attributes);
    }

    private MilVariable rename(MilVariable variable) {
        return new MilVariable(renamed.getOrDefault(variable.name(), variable.name()), variable.type());
    }

    static MilVariable variable(Var value) {
        return new MilVariable(
                value.name(),
                new MilType.OfTensor(
                        value.element(),
                        value.shape().stream()
                                .map(dim -> dim instanceof Dim.Fixed(long size)
                                        ? (MilType.Size) new MilType.Size.Fixed(size)
                                        : new MilType.Size.Unknown())
                                .toList()));
    }

    private List<MilOperation> current() {
        List<MilOperation> block = blocks.peek();
        if (block == null) {
            throw new IllegalStateException("no block is open");
        }
        return block;
    }
}
