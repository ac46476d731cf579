package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.coreml.Description;
import dev.fairlead.model.coreml.MilBlock;
import dev.fairlead.model.coreml.MilFunction;
import dev.fairlead.model.coreml.MilOperation;
import dev.fairlead.model.coreml.MilType;
import dev.fairlead.model.coreml.MilValue;
import dev.fairlead.model.coreml.MilVariable;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.graph.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The lifting of one function: every operation is tried, so that all that stand in the way are known. */
final class FunctionLift {
    private final String name;
    private final MilFunction function;
    private final Description.Signature signature;
    private final int specification;
    private final Names names = new Names();
    private final Emitter out = new Emitter(names, this::lift);
    private final List<UnsupportedOperation> unsupported = new ArrayList<>();

    FunctionLift(String name, MilFunction function, Description.Signature signature, int modelSpecification) {
        this.name = name;
        this.function = function;
        this.signature = signature;
        this.specification = Stream.iterate(CoremlModel.IOS_15, version -> version <= CoremlModel.IOS_26, v -> v + 1)
                .filter(version -> CoremlModel.opset(version).equals(Optional.of(function.opset())))
                .findFirst()
                .orElse(modelSpecification);
    }

    List<UnsupportedOperation> unsupported() {
        return unsupported;
    }

    Map<String, String> labels() {
        return out.labels();
    }

    /** Empty when an operation stands in the way. */
    Optional<Assembly> run() {
        MilBlock block = function.block()
                .orElseThrow(() -> new ModelException(
                        ErrorCode.MALFORMED, Invocation.FILE, name + ".opset", "no block is for " + function.opset()));
        Scope scope = new Scope(Optional.empty());
        List<Value> inputs = inputs(scope);
        reserve(block);
        lift(block, scope, name);
        if (!unsupported.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Operand> outputs = new LinkedHashMap<>();
        for (String output : block.outputs()) {
            outputs.put(
                    output,
                    scope.find(output)
                            .orElseThrow(() -> new ModelException(
                                    ErrorCode.MISSING,
                                    Invocation.FILE,
                                    name + ".outputs",
                                    ModelException.shown(output) + " is made by nothing")));
        }
        return Optional.of(Assembly.of(name, inputs, outputs, states(), names, out));
    }

    /** The states in the order of the function's inputs, each with what it holds at the end. */
    private Map<String, Operand> states() {
        Map<String, Operand> states = new LinkedHashMap<>();
        for (MilVariable input : function.inputs()) {
            if (input.type() instanceof MilType.OfState) {
                states.put(input.name(), out.held(input.name()));
            }
        }
        return states;
    }

    private List<Value> inputs(Scope scope) {
        List<Value> inputs = new ArrayList<>();
        for (MilVariable input : function.inputs()) {
            if (!names.reserve(input.name())) {
                throw new ModelException(
                        ErrorCode.MALFORMED,
                        Invocation.FILE,
                        name + ".inputs",
                        ModelException.shown(input.name()) + " is there twice");
            }
            switch (input.type()) {
                case MilType.OfTensor type -> {
                    inputs.add(Types.input(input.name(), type));
                    scope.bind(input.name(), new Operand.Computed(input.name(), type));
                }
                case MilType.OfState(MilType wrapped)
                when wrapped instanceof MilType.OfTensor type -> {
                    inputs.add(Types.input(input.name(), type));
                    scope.bind(input.name(), new Operand.State(input.name(), type));
                    out.hold(input.name(), new Operand.Computed(input.name(), type));
                }
                case MilType.OfState s -> refuse(input);
                case MilType.OfList l -> refuse(input);
                case MilType.OfTuple t -> refuse(input);
                case MilType.OfDictionary d -> refuse(input);
            }
        }
        signature.inputs().stream()
                .filter(feature ->
                        inputs.stream().noneMatch(input -> input.name().equals(feature.name())))
                .findFirst()
                .ifPresent(feature -> {
                    throw new ModelException(
                            ErrorCode.MALFORMED,
                            Invocation.FILE,
                            "description.input",
                            ModelException.shown(feature.name()) + " is no input of " + name);
                });
        return inputs;
    }

    private void refuse(MilVariable input) {
        unsupported.add(new UnsupportedOperation(
                "input", name + "." + input.name(), Origin.UNKNOWN, "an input that is no tensor"));
    }

    /** Values of the function's own block keep their names, so no name made up may be one of them. */
    private void reserve(MilBlock block) {
        // An output that is a constant or an input is made by a node of its own.
        Set<String> made = new HashSet<>(block.outputs());
        function.inputs().forEach(input -> made.remove(input.name()));
        block.operations().stream()
                .filter(operation -> !operation.type().equals(MilOperation.CONST))
                .flatMap(operation -> operation.outputs().stream())
                .forEach(output -> made.remove(output.name()));
        made.forEach(names::reserve);
        for (MilOperation operation : block.operations()) {
            for (MilVariable output : operation.outputs()) {
                if (!operation.type().equals(MilOperation.CONST) && !names.reserve(output.name())) {
                    throw new ModelException(
                            ErrorCode.MALFORMED,
                            Invocation.FILE,
                            name + "." + ModelException.shown(output.name()),
                            "is made twice");
                }
            }
        }
    }

    private void lift(MilBlock block, Scope scope, String path) {
        for (int i = 0; i < block.operations().size(); i++) {
            MilOperation operation = block.operations().get(i);
            Invocation call = new Invocation(operation, scope, path + ".operations[" + i + "]", specification);
            if (operation.type().equals(MilOperation.CONST)) {
                MilValue value = operation.attributes().get("val");
                if (value == null) {
                    throw call.malformed("val", "is missing");
                }
                scope.bind(
                        call.output().name(),
                        Invocation.operand(value, call.output().name()));
            } else {
                lift(call);
            }
        }
    }

    private void lift(Invocation call) {
        Optional<Rule> rule = Rules.all().find(call.op());
        Optional<Invocation> before = out.begin(call);
        try {
            if (rule.isEmpty()) {
                throw call.unsupported("no rule converts it");
            }
            rule.get().lifting().lift(call, out);
        } catch (IndexOutOfBoundsException
                | ArithmeticException
                | NoSuchElementException
                | IllegalArgumentException e) {
            // Parameters are read as the operation's definition has them; a file that breaks it ends here.
            throw call.malformed("parameters", "contradict each other: " + e);
        } catch (ModelException e) {
            // All other failures mean that the file is wrong; this one is collected, to report every one.
            if (e.code() != ErrorCode.UNSUPPORTED) {
                throw e;
            }
            unsupported.add(new UnsupportedOperation(call.op(), call.path(), Origin.UNKNOWN, e.problem()));
            for (MilVariable output : call.operation().outputs()) {
                call.scope()
                        .bind(
                                output.name(),
                                output.type() instanceof MilType.OfTensor type
                                        ? new Operand.Computed(output.name(), type)
                                        : new Operand.Failed(output.type()));
            }
        }
        out.resume(before);
    }
}
