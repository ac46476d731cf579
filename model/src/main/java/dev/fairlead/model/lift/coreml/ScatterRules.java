package dev.fairlead.model.lift.coreml;

import java.util.ArrayList;
import java.util.List;

/** Elements put at positions. */
final class ScatterRules {
    private ScatterRules() {}

    static void register(Rules rules) {
        rules.add("scatter", ScatterRules::scatter);
        rules.add("scatter_along_axis", ScatterRules::alongAxis);
        rules.add("scatter_nd", ScatterRules::nd);
    }

    /** ONNX' reduction and the updates that it takes: less is more of the negative. */
    private record Mode(String reduction, String updates) {}

    private static Mode mode(Invocation call, Emitter out) {
        String updates = out.as(call.get("updates"), call.outputDtype());
        String mode = call.text("mode", "add");
        return switch (mode) {
            case "update" -> new Mode("none", updates);
            case "add", "mul", "max", "min" -> new Mode(mode, updates);
            case "sub" -> new Mode("add", out.inner("Neg", updates));
            case "div" -> throw call.unsupported("ONNX scatters with no division");
            default -> throw call.malformed("mode", mode + " is no mode");
        };
    }

    /** The positions are one vector, the same for all other axes. */
    private static void scatter(Invocation call, Emitter out) {
        Operand data = call.get("data");
        int rank = call.rank(data);
        int axis = call.axis("axis", 0, rank);
        Mode mode = mode(call, out);
        List<Integer> others = new ArrayList<>(Slicing.axes(rank));
        others.remove(Integer.valueOf(axis));
        String positions = GatherRules.positions(call.get("indices"), call, out);
        String column = others.isEmpty() ? positions : out.inner("Unsqueeze", positions, out.integers(others));
        String everywhere = out.inner("Expand", column, out.inner("Shape", mode.updates()));
        out.result(
                "ScatterElements",
                Attributes.all(Attributes.of("axis", axis), Attributes.text("reduction", mode.reduction())),
                out.of(data),
                everywhere,
                mode.updates());
    }

    private static void alongAxis(Invocation call, Emitter out) {
        Operand data = call.get("data");
        int axis = call.axis("axis", 0, call.rank(data));
        Mode mode = mode(call, out);
        out.result(
                "ScatterElements",
                Attributes.all(Attributes.of("axis", axis), Attributes.text("reduction", mode.reduction())),
                out.of(data),
                GatherRules.positions(call.get("indices"), call, out),
                mode.updates());
    }

    private static void nd(Invocation call, Emitter out) {
        Mode mode = mode(call, out);
        out.result(
                "ScatterND",
                Attributes.text("reduction", mode.reduction()),
                out.of(call.get("data")),
                out.longs(call.get("indices")),
                mode.updates());
    }
}
