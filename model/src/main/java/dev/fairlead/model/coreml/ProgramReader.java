package dev.fairlead.model.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.protobuf.Wire;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads Program, Function, Block and Operation. Field numbers are those of coremltools 9.0's {@code MIL.proto}. */
final class ProgramReader {
    private final Wire wire;
    private final TypeReader types;
    private final ValueReader values;

    ProgramReader(Wire wire, WeightFiles weights) {
        this.wire = wire;
        this.types = new TypeReader(wire);
        this.values = new ValueReader(wire, types, weights);
    }

    MilProgram read() {
        long[] version = {0};
        Map<String, MilFunction> functions = new LinkedHashMap<>();
        Map<String, MilValue> attributes = new LinkedHashMap<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> version[0] = wire.number(field, "version");
                case 2 -> MapEntry.read(wire, field, "functions", functions, this::function);
                case 3 -> wire.skip(field, "docString");
                case 4 -> MapEntry.read(wire, field, "attributes", attributes, values::read);
                default -> throw wire.unknown(field, "Program");
            }
        });
        if (version[0] != MilProgram.VERSION) {
            throw wire.error(
                    ErrorCode.UNSUPPORTED, "version", version[0] + ", this reader knows " + MilProgram.VERSION);
        }
        return new MilProgram(functions, attributes);
    }

    private MilFunction function() {
        List<MilVariable> inputs = new ArrayList<>();
        String[] opset = {""};
        Map<String, MilBlock> blocks = new LinkedHashMap<>();
        Map<String, MilValue> attributes = new LinkedHashMap<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> wire.message(field, "inputs[" + inputs.size() + "]", () -> inputs.add(types.variable()));
                case 2 -> opset[0] = wire.text(field, "opset");
                case 3 -> MapEntry.read(wire, field, "block_specializations", blocks, this::block);
                case 4 -> MapEntry.read(wire, field, "attributes", attributes, values::read);
                default -> throw wire.unknown(field, "Function");
            }
        });
        if (!blocks.containsKey(opset[0])) {
            throw wire.error(ErrorCode.MALFORMED, "opset", "no block is for " + ModelException.shown(opset[0]));
        }
        return new MilFunction(inputs, opset[0], blocks, attributes);
    }

    private MilBlock block() {
        List<MilVariable> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        List<MilOperation> operations = new ArrayList<>();
        Map<String, MilValue> attributes = new LinkedHashMap<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> wire.message(field, "inputs[" + inputs.size() + "]", () -> inputs.add(types.variable()));
                case 2 -> outputs.add(wire.text(field, "outputs"));
                case 3 ->
                    wire.message(field, "operations[" + operations.size() + "]", () -> operations.add(operation()));
                case 4 -> MapEntry.read(wire, field, "attributes", attributes, values::read);
                default -> throw wire.unknown(field, "Block");
            }
        });
        return new MilBlock(inputs, outputs, operations, attributes);
    }

    private MilOperation operation() {
        String[] type = {""};
        Map<String, List<MilArgument>> inputs = new LinkedHashMap<>();
        List<MilVariable> outputs = new ArrayList<>();
        List<MilBlock> blocks = new ArrayList<>();
        Map<String, MilValue> attributes = new LinkedHashMap<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> type[0] = wire.text(field, "type");
                case 2 -> MapEntry.read(wire, field, "inputs", inputs, this::arguments);
                case 3 -> wire.message(field, "outputs[" + outputs.size() + "]", () -> outputs.add(types.variable()));
                case 4 -> wire.message(field, "blocks[" + blocks.size() + "]", () -> blocks.add(block()));
                case 5 -> MapEntry.read(wire, field, "attributes", attributes, values::read);
                default -> throw wire.unknown(field, "Operation");
            }
        });
        return new MilOperation(type[0], inputs, outputs, blocks, attributes);
    }

    private List<MilArgument> arguments() {
        List<MilArgument> arguments = new ArrayList<>();
        wire.fields(field -> {
            if (field.number() != 1) {
                throw wire.unknown(field, "Argument");
            }
            wire.message(field, "arguments[" + arguments.size() + "]", () -> arguments.add(binding()));
        });
        return arguments;
    }

    private MilArgument binding() {
        List<MilArgument> found = new ArrayList<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> found.add(new MilArgument.Name(wire.text(field, "name")));
                case 2 -> wire.message(field, "value", () -> found.add(new MilArgument.Literal(values.read())));
                default -> throw wire.unknown(field, "Binding");
            }
        });
        if (found.isEmpty()) {
            throw wire.error(ErrorCode.MALFORMED, "binding", "is missing");
        }
        return found.getLast();
    }
}
