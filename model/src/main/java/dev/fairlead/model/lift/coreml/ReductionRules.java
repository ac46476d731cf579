package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.tensor.DType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Reductions along axes. */
final class ReductionRules {
    private static final Map<String, String> DIRECT = Map.of(
            "reduce_l1_norm", "ReduceL1",
            "reduce_l2_norm", "ReduceL2",
            "reduce_log_sum", "ReduceLogSum",
            "reduce_log_sum_exp", "ReduceLogSumExp",
            "reduce_max", "ReduceMax",
            "reduce_mean", "ReduceMean",
            "reduce_min", "ReduceMin",
            "reduce_prod", "ReduceProd",
            "reduce_sum", "ReduceSum",
            "reduce_sum_square", "ReduceSumSquare");

    private ReductionRules() {}

    static void register(Rules rules) {
        DIRECT.forEach((operation, onnx) -> rules.add(operation, (call, out) -> reduce(onnx, call, out)));
        rules.add("reduce_argmax", (call, out) -> position("ArgMax", call, out));
        rules.add("reduce_argmin", (call, out) -> position("ArgMin", call, out));
    }

    private static void reduce(String onnx, Invocation call, Emitter out) {
        Optional<List<Long>> axes = call.optionalIntegers("axes");
        int rank = call.rank(call.get("x"));
        boolean image = rank > 2
                && call.flag("keep_dims", false)
                && call.dtype(call.get("x")).isFloating()
                && axes.equals(Optional.of(LongStream.range(2, rank).boxed().toList()));
        if (image && onnx.equals("ReduceMean")) {
            // ONNX Runtime 1.29 mixes up channels where a ReduceMean stands between its blocked convolutions and a
            // Softmax.
            out.result("GlobalAveragePool", Map.of(), out.of(call.get("x")));
            return;
        }
        Map<String, Attribute> keep = Attributes.of("keepdims", call.flag("keep_dims", false) ? 1 : 0);
        // Without axes both formats reduce them all; an empty list would mean the same in ONNX, and is not written.
        String where = axes.filter(list -> !list.isEmpty()).map(out::integers).orElse("");
        out.result(onnx, keep, out.of(call.get("x")), where);
    }

    private static void position(String onnx, Invocation call, Emitter out) {
        Map<String, Attribute> attributes = Attributes.all(
                Attributes.of("axis", call.axis("axis", -1, call.rank(call.get("x")))),
                Attributes.of("keepdims", call.flag("keep_dims", false) ? 1 : 0));
        DType dtype = call.outputDtype();
        out.result("Cast", Attributes.to(dtype), out.inner(onnx, attributes, out.of(call.get("x"))));
    }
}
