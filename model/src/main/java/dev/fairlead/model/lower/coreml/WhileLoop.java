package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilBlock;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** ONNX' Loop as MIL's while_loop: the round, the condition and the states go around. */
final class WhileLoop {
    private WhileLoop() {}

    static void write(Call call, Graph body, int states, Mil mil) {
        List<Var> initial = new ArrayList<>();
        List<DType> declared = new ArrayList<>();
        initial.add(mil.unary("identity", mil.integer(0)));
        initial.add(call.has(1) ? ControlRules.condition(call.in(1), mil) : mil.unary("identity", mil.flag(true)));
        for (int i = 0; i < states; i++) {
            declared.add(call.declared(i + 2));
            initial.add(mil.unary("identity", call.in(i + 2)));
        }
        MilBlock condition = condition(call, initial, mil);
        MilBlock round = round(call, body, initial, declared, mil);
        List<Var> made = around("loop", initial, mil);
        mil.out.write("while_loop", Map.of("loop_vars", initial), made, List.of(condition, round));
        for (int i = 0; i < states; i++) {
            call.result(i, made.get(i + 2), declared.get(i));
        }
    }

    private static List<Var> around(String name, List<Var> initial, Mil mil) {
        return initial.stream()
                .map(value -> mil.out.fresh(name, value.element(), value.shape()))
                .toList();
    }

    private static MilBlock condition(Call call, List<Var> initial, Mil mil) {
        mil.out.open();
        List<Var> inputs = around("test", initial, mil);
        Var goes = inputs.get(1);
        if (call.has(0)) {
            goes = mil.and(goes, mil.less(inputs.getFirst(), mil.reshape(call.in(0))));
        } else {
            goes = mil.unary("identity", goes);
        }
        return mil.out.close(inputs, List.of(goes));
    }

    private static MilBlock round(Call call, Graph body, List<Var> initial, List<DType> declared, Mil mil) {
        mil.out.open();
        boolean done = false;
        try {
            List<Var> inputs = around("round", initial, mil);
            Scope inner = new Scope(call.scope());
            inner.hold(body.inputs().get(0).name(), inputs.get(0), DType.INT64);
            inner.hold(body.inputs().get(1).name(), inputs.get(1), DType.BOOL);
            for (int i = 0; i < declared.size(); i++) {
                inner.hold(body.inputs().get(i + 2).name(), inputs.get(i + 2), declared.get(i));
            }
            call.lowering().lower(body, inner);
            List<Var> outputs = new ArrayList<>();
            outputs.add(mil.add(inputs.getFirst(), mil.integer(1)));
            outputs.add(mil.unary(
                    "identity",
                    ControlRules.condition(
                            call.lowering().output(body, 0, inner).value(), mil)));
            for (int i = 0; i < declared.size(); i++) {
                Var before = inputs.get(i + 2);
                Var after = call.lowering()
                        .inElement(call.lowering().output(body, i + 1, inner).value(), before.element(), inner);
                requireSame(before.shape(), after.shape());
                outputs.add(mil.unary("identity", after));
            }
            done = true;
            return mil.out.close(inputs, outputs);
        } finally {
            if (!done) {
                mil.out.abandon();
            }
        }
    }

    private static void requireSame(List<Dim> before, List<Dim> after) {
        if (!before.equals(after)) {
            throw Refusals.unsupported("a loop state that changes its shape from " + before + " to " + after);
        }
    }
}
