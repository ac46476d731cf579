package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.coreml.MilBlock;
import dev.fairlead.model.coreml.MilType;
import dev.fairlead.model.coreml.MilVariable;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Branches and loops. */
final class ControlFlowRules {
    private ControlFlowRules() {}

    static void register(Rules rules) {
        rules.add("cond", ControlFlowRules::branch);
        rules.add("while_loop", ControlFlowRules::loop);
    }

    private static MilBlock block(int index, Invocation call) {
        if (call.operation().blocks().size() != 2) {
            throw call.malformed(
                    "blocks", "there are " + call.operation().blocks().size() + ", expected two");
        }
        return call.operation().blocks().get(index);
    }

    private static void branch(Invocation call, Emitter out) {
        Graph yes = branch("then_branch", block(0, call), call, out);
        Graph no = branch("else_branch", block(1, call), call, out);
        out.results(
                "If",
                Map.of("then_branch", new Attribute.GraphValue(yes), "else_branch", new Attribute.GraphValue(no)),
                scalar(call.get("pred"), call, out));
    }

    private static Graph branch(String name, MilBlock block, Invocation call, Emitter out) {
        return out.graph(name, List.of(), () -> {
            Scope scope = new Scope(Optional.of(call.scope()));
            out.lift(block, scope, call.path() + "." + name);
            return outputs(block, scope, call, out);
        });
    }

    private static List<Value> outputs(MilBlock block, Scope scope, Invocation call, Emitter out) {
        List<Value> outputs = new ArrayList<>();
        for (String name : block.outputs()) {
            Operand operand = scope.find(name).orElseThrow(() -> call.malformed("outputs", "lack " + name));
            outputs.add(Types.value(out.copied(out.of(operand)), call.type(operand)));
        }
        return outputs;
    }

    /**
     * ONNX' loop is told before each turn whether there is one: the condition is evaluated on the first values before the loop,
     * and on the new ones at the end of each turn.
     */
    private static void loop(Invocation call, Emitter out) {
        MilBlock condition = block(0, call);
        MilBlock body = block(1, call);
        List<Operand> variables = call.all("loop_vars");
        if (variables.size() != body.inputs().size()
                || variables.size() != condition.inputs().size()) {
            throw call.malformed("loop_vars", "are not as many as the blocks' inputs");
        }
        String first = condition(condition, variables, call.scope(), call, out);
        String turn = out.fresh(call.output().name() + "/turn");
        String goesOn = out.fresh(call.output().name() + "/goes_on");
        List<Value> inputs = new ArrayList<>(
                List.of(Value.of(turn, DType.INT64, List.of()), Value.of(goesOn, DType.BOOL, List.of())));
        Scope scope = new Scope(Optional.of(call.scope()));
        for (MilVariable variable : body.inputs()) {
            if (!(variable.type() instanceof MilType.OfTensor type)) {
                throw call.unsupported("a variable of a loop is no tensor");
            }
            String name = out.fresh(variable.name() + "/inner");
            inputs.add(Types.value(name, type));
            scope.bind(variable.name(), new Operand.Computed(name, type));
        }
        Graph graph = out.graph("body", inputs, () -> {
            out.lift(body, scope, call.path() + ".body");
            List<Operand> next = new ArrayList<>();
            for (String name : body.outputs()) {
                next.add(scope.find(name).orElseThrow(() -> call.malformed("outputs", "lack " + name)));
            }
            List<Value> outputs = new ArrayList<>();
            String again = condition(condition, next, scope, call, out);
            outputs.add(Value.of(out.copied(again), DType.BOOL, List.of()));
            next.forEach(operand -> outputs.add(Types.value(out.copied(out.of(operand)), call.type(operand))));
            return outputs;
        });
        List<String> arguments = new ArrayList<>(List.of("", first));
        variables.forEach(variable -> arguments.add(out.of(variable)));
        out.results("Loop", Map.of("body", new Attribute.GraphValue(graph)), arguments.toArray(String[]::new));
    }

    private static String condition(MilBlock block, List<Operand> values, Scope around, Invocation call, Emitter out) {
        Scope scope = new Scope(Optional.of(around));
        for (int i = 0; i < values.size(); i++) {
            scope.bind(block.inputs().get(i).name(), values.get(i));
        }
        out.lift(block, scope, call.path() + ".cond");
        if (block.outputs().size() != 1) {
            throw call.malformed("cond", "gives " + block.outputs().size() + " values, expected one");
        }
        Operand made =
                scope.find(block.outputs().getFirst()).orElseThrow(() -> call.malformed("cond", "lacks its output"));
        return scalar(made, call, out);
    }

    /** A truth value without axes, as ONNX wants it. */
    private static String scalar(Operand operand, Invocation call, Emitter out) {
        String value = out.as(operand, DType.BOOL);
        return call.rank(operand) == 0 ? value : out.inner("Squeeze", value);
    }
}
