package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.coreml.MilType;

/**
 * Buffers that outlive a call. A graph has none: what a state holds before the call is an input, what it holds after it an
 * output, and in between each write gives a new value.
 */
final class StateRules {
    private StateRules() {}

    static void register(Rules rules) {
        rules.add("read_state", (call, out) -> out.alias(call.output(), out.held(state("input", call))));
        rules.add("write_state", StateRules::write);
    }

    private static void write(Invocation call, Emitter out) {
        if (!call.scope().isOutermost()) {
            throw call.unsupported("a state is written within a loop or a branch");
        }
        Operand data = call.get("data");
        call.type(data);
        out.hold(state("input", call), data);
    }

    private static String state(String parameter, Invocation call) {
        if (call.get(parameter) instanceof Operand.State(String name, MilType.OfTensor type)) {
            return name;
        }
        throw call.malformed(parameter, "is no state");
    }
}
