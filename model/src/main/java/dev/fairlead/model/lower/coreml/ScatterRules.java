package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilDataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writing elements by index. */
final class ScatterRules {
    private ScatterRules() {}

    static void register(Rules rules) {
        rules.add("Scatter", ScatterRules::scatterElements);
        rules.add("ScatterElements", ScatterRules::scatterElements);
        rules.add("ScatterND", ScatterRules::scatterMany);
    }

    private static String mode(Call call) {
        return switch (call.text("reduction", "none")) {
            case "none" -> "update";
            case "add" -> "add";
            case "mul" -> "mul";
            case "max" -> "max";
            case "min" -> "min";
            default -> throw Refusals.malformed("an unknown reduction");
        };
    }

    private static void scatterElements(Call call, Mil mil) {
        Var x = call.in(0);
        int axis = x.axis(call.integer("axis", 0));
        Var indices = mil.fromFront(call.in(1), x.size(axis));
        Var updates = call.in(2);
        boolean whole = true;
        for (int i = 0; i < x.rank(); i++) {
            whole &= i == axis || x.size(i) == indices.size(i);
        }
        if (whole) {
            call.result(alongAxis(x, indices, updates, axis, mode(call), mil), call.declared(0));
            return;
        }
        call.result(
                scattered(x, tuples(indices, axis, mil), mil.reshape(updates, updates.elements()), mode(call), mil),
                call.declared(0));
    }

    /** Each element's whole index, for MIL's scatter_along_axis wants all other sizes to be equal. */
    private static Var tuples(Var indices, int axis, Mil mil) {
        long count = indices.elements();
        List<Var> columns = new ArrayList<>();
        for (int i = 0; i < indices.rank(); i++) {
            Var column = i == axis
                    ? indices
                    : mil.expand(ConstantRules.range(indices.size(i), i, indices.rank(), mil), indices.shape());
            columns.add(mil.reshape(column, count, 1));
        }
        return mil.concat(columns, 1);
    }

    static Var alongAxis(Var x, Var indices, Var updates, int axis, String mode, Mil mil) {
        if (x.isFlag()) {
            Var made = alongAxis(
                    mil.cast(x, MilDataType.INT32), indices, mil.cast(updates, MilDataType.INT32), axis, mode, mil);
            return mil.cast(made, MilDataType.BOOL);
        }
        return mil.out.write(
                "scatter_along_axis",
                Map.of(
                        "data", x,
                        "indices", indices,
                        "updates", updates,
                        "axis", mil.integer(axis),
                        "mode", mil.text(mode)),
                x.element(),
                x.shape());
    }

    private static void scatterMany(Call call, Mil mil) {
        Var x = call.in(0);
        Var indices = GatherRules.countedFromFront(call.in(1), x, 0, mil);
        call.result(scattered(x, indices, call.in(2), mode(call), mil), call.declared(0));
    }

    private static Var scattered(Var x, Var indices, Var updates, String mode, Mil mil) {
        if (x.isFlag()) {
            Var made =
                    scattered(mil.cast(x, MilDataType.INT32), indices, mil.cast(updates, MilDataType.INT32), mode, mil);
            return mil.cast(made, MilDataType.BOOL);
        }
        return mil.out.write(
                "scatter_nd",
                Map.of("data", x, "indices", indices, "updates", updates, "mode", mil.text(mode)),
                x.element(),
                x.shape());
    }
}
