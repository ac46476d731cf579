package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Elements taken by their positions. */
final class GatherRules {
    private GatherRules() {}

    static void register(Rules rules) {
        rules.add("gather", GatherRules::gather);
        rules.add("gather_along_axis", GatherRules::alongAxis);
        rules.add("gather_nd", GatherRules::nd);
    }

    /** Positions as a type that ONNX takes for them. */
    static String positions(Operand indices, Invocation call, Emitter out) {
        DType dtype = call.dtype(indices);
        return dtype == DType.INT32 || dtype == DType.INT64 ? out.of(indices) : out.as(indices, DType.INT32);
    }

    private static void gather(Invocation call, Emitter out) {
        Operand x = call.get("x");
        Operand indices = call.get("indices");
        int rank = call.rank(x);
        int axis = call.axis("axis", 0, rank);
        int batch = Math.toIntExact(call.integer("batch_dims", 0));
        if (batch < 0) {
            batch += call.rank(indices);
        }
        if (batch == 0) {
            out.result("Gather", Attributes.of("axis", axis), out.of(x), positions(indices, call, out));
            return;
        }
        if (axis < batch) {
            throw call.malformed("batch_dims", batch + ", but the axis is " + axis);
        }
        // The axis is brought right behind the batch, where GatherND looks; what it skipped stands behind the positions
        // then.
        List<Integer> forth = new ArrayList<>(Slicing.axes(rank));
        forth.remove(Integer.valueOf(axis));
        forth.add(batch, axis);
        String moved = axis == batch ? out.of(x) : out.inner("Transpose", Attributes.of("perm", forth), out.of(x));
        String places = out.inner("Unsqueeze", out.longs(indices), out.integers(-1));
        var attributes = Attributes.of("batch_dims", batch);
        if (axis == batch) {
            out.result("GatherND", attributes, moved, places);
            return;
        }
        int positions = call.rank(indices) - batch;
        int skipped = axis - batch;
        List<Integer> back = new ArrayList<>();
        for (int i = 0; i < rank - 1 + positions; i++) {
            boolean isSkipped = i >= batch && i < batch + skipped;
            boolean isPosition = i >= batch + skipped && i < batch + skipped + positions;
            back.add(isSkipped ? i + positions : isPosition ? i - skipped : i);
        }
        out.result("Transpose", Attributes.of("perm", back), out.inner("GatherND", attributes, moved, places));
    }

    private static void alongAxis(Invocation call, Emitter out) {
        Operand x = call.get("x");
        int axis = call.axis("axis", 0, call.rank(x));
        out.result("GatherElements", Attributes.of("axis", axis), out.of(x), positions(call.get("indices"), call, out));
    }

    private static void nd(Invocation call, Emitter out) {
        out.result(
                "GatherND",
                Attributes.of("batch_dims", call.integer("batch_dims", 0)),
                out.of(call.get("x")),
                out.longs(call.get("indices")));
    }
}
