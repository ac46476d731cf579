package dev.fairlead.model.coreml;

import dev.fairlead.model.protobuf.Message;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Writes a MIL program's messages. Weights are given their place in the weight file on the way. */
final class ProgramWriter {
    private final WeightLayout weights;

    ProgramWriter(WeightLayout weights) {
        this.weights = weights;
    }

    void write(MilProgram program, Message out) {
        out.number(1, MilProgram.VERSION);
        map(2, program.functions(), out, this::function);
        map(4, program.attributes(), out, this::value);
    }

    private static <T> void map(int field, Map<String, T> entries, Message out, BiConsumer<T, Message> writer) {
        entries.forEach((key, value) -> out.message(field, entry -> {
            entry.item(1, key);
            entry.message(2, message -> writer.accept(value, message));
        }));
    }

    private void function(MilFunction function, Message out) {
        function.inputs().forEach(input -> out.message(1, message -> variable(input, message)));
        out.text(2, function.opset());
        map(3, function.specializations(), out, this::block);
        map(4, function.attributes(), out, this::value);
    }

    private void block(MilBlock block, Message out) {
        block.inputs().forEach(input -> out.message(1, message -> variable(input, message)));
        block.outputs().forEach(name -> out.item(2, name));
        block.operations().forEach(operation -> out.message(3, message -> operation(operation, message)));
        map(4, block.attributes(), out, this::value);
    }

    private void operation(MilOperation operation, Message out) {
        out.text(1, operation.type());
        map(2, operation.inputs(), out, this::arguments);
        operation.outputs().forEach(output -> out.message(3, message -> variable(output, message)));
        operation.blocks().forEach(block -> out.message(4, message -> block(block, message)));
        map(5, operation.attributes(), out, this::value);
    }

    private void arguments(List<MilArgument> arguments, Message out) {
        arguments.forEach(argument -> out.message(1, binding -> {
            switch (argument) {
                case MilArgument.Name(String name) -> binding.item(1, name);
                case MilArgument.Literal(MilValue value) -> binding.message(2, message -> value(value, message));
            }
        }));
    }

    private void variable(MilVariable variable, Message out) {
        out.text(1, variable.name());
        out.message(2, message -> type(variable.type(), message));
    }

    private void type(MilType type, Message out) {
        switch (type) {
            case MilType.OfTensor(MilDataType element, var sizes) ->
                out.message(1, tensor -> {
                    tensor.number(1, element.code());
                    tensor.nonZero(2, sizes.size());
                    sizes.forEach(size -> tensor.message(3, message -> size(size, message)));
                });
            case MilType.OfList(MilType element, MilType.Size length) ->
                out.message(2, list -> {
                    list.message(1, message -> type(element, message));
                    list.message(2, message -> size(length, message));
                });
            case MilType.OfTuple(var elements) ->
                out.message(
                        3, tuple -> elements.forEach(element -> tuple.message(1, message -> type(element, message))));
            case MilType.OfDictionary(MilType key, MilType value) ->
                out.message(4, dictionary -> {
                    dictionary.message(1, message -> type(key, message));
                    dictionary.message(2, message -> type(value, message));
                });
            case MilType.OfState(MilType wrapped) ->
                out.message(5, state -> state.message(1, message -> type(wrapped, message)));
        }
    }

    private static void size(MilType.Size size, Message out) {
        switch (size) {
            case MilType.Size.Fixed(long fixed) -> out.message(1, constant -> constant.nonZero(1, fixed));
            case MilType.Size.Unknown() -> out.message(2, unknown -> {});
            case MilType.Size.Variadic() -> out.message(2, unknown -> unknown.number(1, 1));
        }
    }

    private void value(MilValue value, Message out) {
        out.message(2, message -> type(value.type(), message));
        switch (value) {
            case MilValue.Immediate(Tensor tensor) ->
                out.message(3, immediate -> immediate.message(1, message -> tensor(tensor, message)));
            case MilValue.Texts(var shape, var values) ->
                out.message(
                        3,
                        immediate -> immediate.message(
                                1, tensor -> tensor.message(4, texts -> values.forEach(text -> texts.item(1, text)))));
            case MilValue.OfTuple(var type, var values) -> out.message(3, immediate -> values(2, values, immediate));
            case MilValue.OfList(var type, var values) -> out.message(3, immediate -> values(3, values, immediate));
            case MilValue.OfDictionary(var type, var entries) ->
                out.message(
                        3,
                        immediate -> immediate.message(
                                4,
                                dictionary -> entries.forEach(entry -> dictionary.message(1, pair -> {
                                    pair.message(1, message -> value(entry.key(), message));
                                    pair.message(2, message -> value(entry.value(), message));
                                }))));
            case MilValue.Stored stored -> {
                long offset = weights.place(stored);
                out.message(5, blob -> {
                    blob.text(1, stored.file());
                    blob.nonZero(2, offset);
                });
            }
        }
    }

    private void values(int field, List<MilValue> values, Message out) {
        out.message(field, list -> values.forEach(value -> list.message(1, message -> value(value, message))));
    }

    /** Which of TensorValue's fields a type takes, Core ML's own tools say: those of 16 and 32 signed bits go to ints. */
    private static void tensor(Tensor tensor, Message out) {
        int field = switch (tensor.dtype()) {
            case FLOAT32 -> 1;
            case INT16, UINT16, INT32 -> 2;
            case BOOL -> 3;
            case INT64, UINT64 -> 5;
            case FLOAT64 -> 6;
            default -> 7;
        };
        out.message(field, values -> {
            if (tensor.elements() == 0) {
                return;
            }
            if (field == 2 || field == 3 || field == 5) {
                values.packedNumbers(1, numbers(tensor));
            } else {
                values.bytes(1, tensor.data().toArray(ValueLayout.JAVA_BYTE));
            }
        });
    }

    private static List<Long> numbers(Tensor tensor) {
        List<Long> numbers = new ArrayList<>(Math.toIntExact(tensor.elements()));
        for (long i = 0; i < tensor.elements(); i++) {
            numbers.add(tensor.dtype() == DType.BOOL ? Math.min(tensor.longAt(i), 1) : tensor.longAt(i));
        }
        return numbers;
    }
}
