package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Elements put at positions. */
final class ScatterRules {
    private ScatterRules() {}

    static void register(Rules rules) {
        rules.add("scatter", ScatterRules::scatter);
        rules.add("scatter_along_axis", ScatterRules::alongAxis);
        rules.add("scatter_nd", ScatterRules::nd);
    }

    /**
     * ONNX' reduction and what it is applied to.
     *
     * @param dtype that it is computed in: ONNX Runtime's CPU reduces no float16, and rounding the float32 result gives the same
     *     numbers where no place is hit twice
     */
    private record Mode(String reduction, DType dtype, String data, String updates) {}

    /** Less is more of the negative. */
    private static Mode mode(Invocation call, Emitter out) {
        String mode = call.text("mode", "add");
        String reduction =
                switch (mode) {
                    case "update" -> "none";
                    case "add", "mul", "max", "min" -> mode;
                    case "sub" -> "add";
                    case "div" -> throw call.unsupported("ONNX scatters with no division");
                    default -> throw call.malformed("mode", mode + " is no mode");
                };
        boolean isWidened = call.outputDtype() == DType.FLOAT16 && !reduction.equals("none");
        DType dtype = isWidened ? DType.FLOAT32 : call.outputDtype();
        String updates = out.as(call.get("updates"), dtype);
        return new Mode(
                reduction,
                dtype,
                out.as(call.get("data"), dtype),
                mode.equals("sub") ? out.inner("Neg", updates) : updates);
    }

    private static void write(
            String onnx, Mode mode, Map<String, Attribute> place, String positions, Invocation call, Emitter out) {
        Map<String, Attribute> attributes = Attributes.all(place, Attributes.text("reduction", mode.reduction()));
        if (mode.dtype() == call.outputDtype()) {
            out.result(onnx, attributes, mode.data(), positions, mode.updates());
        } else {
            String wide = out.inner(onnx, attributes, mode.data(), positions, mode.updates());
            out.result("Cast", Attributes.to(call.outputDtype()), wide);
        }
    }

    /** The positions are one vector, the same for all other axes. */
    private static void scatter(Invocation call, Emitter out) {
        int rank = call.rank(call.get("data"));
        int axis = call.axis("axis", 0, rank);
        Mode mode = mode(call, out);
        List<Integer> others = new ArrayList<>(Slicing.axes(rank));
        others.remove(Integer.valueOf(axis));
        String positions = GatherRules.positions(call.get("indices"), call, out);
        String column = others.isEmpty() ? positions : out.inner("Unsqueeze", positions, out.integers(others));
        String everywhere = out.inner("Expand", column, out.inner("Shape", mode.updates()));
        write("ScatterElements", mode, Attributes.of("axis", axis), everywhere, call, out);
    }

    private static void alongAxis(Invocation call, Emitter out) {
        int axis = call.axis("axis", 0, call.rank(call.get("data")));
        String positions = GatherRules.positions(call.get("indices"), call, out);
        write("ScatterElements", mode(call, out), Attributes.of("axis", axis), positions, call, out);
    }

    private static void nd(Invocation call, Emitter out) {
        write("ScatterND", mode(call, out), Attributes.NONE, out.longs(call.get("indices")), call, out);
    }
}
