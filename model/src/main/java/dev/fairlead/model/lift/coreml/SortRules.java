package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.coreml.MilVariable;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The largest and the smallest. Of equal values ONNX takes the first; MIL says nothing. */
final class SortRules {
    private SortRules() {}

    static void register(Rules rules) {
        rules.add("argsort", SortRules::positions);
        rules.add("topk", SortRules::top);
    }

    private static Map<String, Attribute> attributes(int axis, Invocation call) {
        return Attributes.all(
                Attributes.of("axis", axis),
                Attributes.of("largest", call.flag("ascending", false) ? 0 : 1),
                Attributes.of("sorted", call.flag("sort", true) ? 1 : 0));
    }

    private static void positions(Invocation call, Emitter out) {
        Operand x = call.get("x");
        int axis = call.axis("axis", -1, call.rank(x));
        List<String> sorted = out.inners("TopK", attributes(axis, call), 2, out.of(x), out.size(x, axis));
        out.result("Cast", Attributes.to(call.outputDtype()), sorted.getLast());
    }

    private static void top(Invocation call, Emitter out) {
        Operand x = call.get("x");
        int axis = call.axis("axis", -1, call.rank(x));
        Optional<Tensor> known = call.has("k") ? call.known("k") : Optional.of(Tensor.scalar(DType.INT32, 1));
        String count;
        if (known.isEmpty()) {
            count = out.inner("Reshape", out.longs(call.get("k")), out.integers(1));
        } else if (known.get().longAt(0) == -1) {
            count = out.size(x, axis);
        } else {
            count = out.integers(known.get().longAt(0));
        }
        List<String> sorted = out.inners("TopK", attributes(axis, call), 2, out.of(x), count);
        out.result(call.output(), "Identity", Attributes.NONE, sorted.getFirst());
        if (call.operation().outputs().size() > 1) {
            MilVariable places = call.output(1);
            DType dtype = call.outputType(1).element().dtype().orElseThrow();
            out.result(places, "Cast", Attributes.to(dtype), sorted.getLast());
        }
    }
}
