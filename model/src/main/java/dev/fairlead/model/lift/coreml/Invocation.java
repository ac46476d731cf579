package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.coreml.MilArgument;
import dev.fairlead.model.coreml.MilOperation;
import dev.fairlead.model.coreml.MilType;
import dev.fairlead.model.coreml.MilValue;
import dev.fairlead.model.coreml.MilVariable;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One MIL operation with its parameters looked up. A parameter is an input or, for constexprs up to iOS 17, an attribute.
 *
 * @param path where the operation stands, such as {@code main.operations[12]}
 * @param specification version that the function's opset belongs to
 */
record Invocation(MilOperation operation, Scope scope, String path, int specification) {
    static final String FILE = "model.mlmodel";

    /** Elements that a rule makes up itself: a declared size is no reason to allocate as much. */
    private static final long MOST_MADE = 1 << 24;

    String op() {
        return operation.type();
    }

    MilVariable output() {
        return output(0);
    }

    MilVariable output(int index) {
        if (index >= operation.outputs().size()) {
            throw malformed("outputs", "there are " + operation.outputs().size() + ", expected more than " + index);
        }
        return operation.outputs().get(index);
    }

    boolean has(String name) {
        return operation.inputs().containsKey(name) || operation.attributes().containsKey(name);
    }

    /** A parameter that has to be there. */
    Operand get(String name) {
        return find(name).orElseThrow(() -> malformed(name, "is missing"));
    }

    Optional<Operand> find(String name) {
        List<Operand> all = all(name);
        if (all.size() > 1) {
            throw malformed(name, "has " + all.size() + " values, expected one");
        }
        return all.stream().findFirst();
    }

    /** All values of a parameter; none where it is left out. */
    List<Operand> all(String name) {
        List<Operand> operands = new ArrayList<>();
        for (MilArgument argument : operation.inputs().getOrDefault(name, List.of())) {
            operands.add(
                    switch (argument) {
                        case MilArgument.Name(String value) ->
                            scope.find(value)
                                    .orElseThrow(() -> new ModelException(
                                            ErrorCode.MISSING,
                                            FILE,
                                            path + "." + name,
                                            ModelException.shown(value) + " is made by nothing before"));
                        case MilArgument.Literal(MilValue value) -> literal(value, name);
                    });
        }
        MilValue attribute = operation.attributes().get(name);
        if (operands.isEmpty() && attribute != null) {
            operands.add(literal(attribute, name));
        }
        return operands;
    }

    private Operand literal(MilValue value, String name) {
        String source = operation.outputs().isEmpty()
                ? name
                : operation.outputs().getFirst().name() + "/" + name;
        return operand(value, source);
    }

    static Operand operand(MilValue value, String source) {
        return switch (value) {
            case MilValue.Immediate(Tensor tensor) -> Operand.of(tensor, source);
            case MilValue.Stored(Tensor tensor, String file) -> Operand.of(tensor, source);
            case MilValue.Texts(var shape, var texts) -> new Operand.Texts(texts);
            case MilValue.OfList list -> new Operand.Other(list);
            case MilValue.OfTuple tuple -> new Operand.Other(tuple);
            case MilValue.OfDictionary dictionary -> new Operand.Other(dictionary);
        };
    }

    /** A parameter's numbers, where they are known now. */
    Optional<Tensor> known(String name) {
        return find(name).flatMap(Invocation::known);
    }

    static Optional<Tensor> known(Operand operand) {
        return operand instanceof Operand.Constant(Weight weight) ? Optional.of(weight.dense()) : Optional.empty();
    }

    /** A parameter that must be known now. */
    Tensor constant(String name) {
        return known(name)
                .orElseThrow(() -> has(name) ? unsupported(name + " is not constant") : malformed(name, "is missing"));
    }

    List<Long> integers(String name) {
        return integers(constant(name));
    }

    /** Integers of a parameter, empty where it is left out. */
    Optional<List<Long>> optionalIntegers(String name) {
        return has(name) ? Optional.of(integers(name)) : Optional.empty();
    }

    static List<Long> integers(Tensor tensor) {
        List<Long> values = new ArrayList<>();
        for (long i = 0; i < tensor.elements(); i++) {
            values.add(tensor.dtype().isFloating() ? (long) tensor.doubleAt(i) : tensor.longAt(i));
        }
        return values;
    }

    long integer(String name) {
        return single(name, constant(name)).longAt(0);
    }

    long integer(String name, long otherwise) {
        return has(name) ? integer(name) : otherwise;
    }

    double real(String name) {
        return single(name, constant(name)).doubleAt(0);
    }

    double real(String name, double otherwise) {
        return has(name) ? real(name) : otherwise;
    }

    boolean flag(String name, boolean otherwise) {
        return has(name) ? integer(name) != 0 : otherwise;
    }

    /** One truth value for each axis; all false where the parameter is left out. */
    boolean[] flags(String name, int rank) {
        boolean[] flags = new boolean[rank];
        optionalIntegers(name).ifPresent(values -> {
            for (int i = 0; i < Math.min(rank, values.size()); i++) {
                flags[i] = values.get(i) != 0;
            }
        });
        return flags;
    }

    String text(String name, String otherwise) {
        return has(name) ? text(name) : otherwise;
    }

    String text(String name) {
        if (get(name) instanceof Operand.Texts(List<String> values) && values.size() == 1) {
            return values.getFirst();
        }
        throw malformed(name, "is no text");
    }

    private Tensor single(String name, Tensor tensor) {
        if (tensor.elements() != 1) {
            throw malformed(name, "has " + tensor.elements() + " elements, expected one");
        }
        return tensor;
    }

    /** The type of a tensor. */
    MilType.OfTensor type(Operand operand) {
        return switch (operand) {
            case Operand.Computed(String onnx, MilType.OfTensor type) -> type;
            case Operand.Constant(Weight weight) -> weight.type();
            case Operand.Texts t -> throw unsupported("text is no operand here");
            case Operand.Other o -> throw unsupported("only tensors are operands here");
            case Operand.Failed f -> throw unsupported("an operand is made by an operation that no rule converts");
            case Operand.State s -> throw unsupported("a state is no operand here");
        };
    }

    DType dtype(Operand operand) {
        return type(operand).element().dtype().orElseThrow(() -> unsupported("text is no operand here"));
    }

    int rank(Operand operand) {
        return rank(type(operand));
    }

    int rank(MilType.OfTensor type) {
        if (type.sizes().stream().anyMatch(MilType.Size.Variadic.class::isInstance)) {
            throw unsupported("the rank of an operand is not known");
        }
        return type.sizes().size();
    }

    /** The size of an axis where it is known. */
    Optional<Long> size(Operand operand, int axis) {
        rank(operand);
        return type(operand).sizes().get(axis) instanceof MilType.Size.Fixed(long size)
                ? Optional.of(size)
                : Optional.empty();
    }

    /** A parameter as an axis of an operand, not negative. */
    int axis(String name, long otherwise, int rank) {
        return axis(integer(name, otherwise), rank);
    }

    int axis(long axis, int rank) {
        if (axis < -rank || axis >= Math.max(rank, 1)) {
            throw malformed("axis", axis + " is no axis of rank " + rank);
        }
        return (int) (axis < 0 ? axis + rank : axis);
    }

    MilType.OfTensor outputType(int index) {
        if (output(index).type() instanceof MilType.OfTensor type) {
            return type;
        }
        throw unsupported("an output is no tensor");
    }

    DType outputDtype() {
        return outputType(0).element().dtype().orElseThrow(() -> unsupported("an output is text"));
    }

    /** A count of elements that may be made now. */
    long bounded(long count) {
        if (count > MOST_MADE) {
            throw unsupported("a constant of " + count + " elements would have to be made");
        }
        return count;
    }

    /** Something that MIL allows and that ONNX, or this rule, cannot say. */
    ModelException unsupported(String reason) {
        return new ModelException(ErrorCode.UNSUPPORTED, FILE, path, reason);
    }

    ModelException malformed(String name, String problem) {
        return new ModelException(ErrorCode.MALFORMED, FILE, path + "." + name, problem);
    }
}
